//! Keys, users and their passes in SQLite.

use kelvin_kernel::Instant;
use rusqlite::{OptionalExtension, Row, params, types::Type};

use super::{Session, natural, whole};
use crate::{AccessChange, AccessView, Digest, Key, Pass, Result, Role, Scope, User};

impl AccessView for Session<'_> {
    fn keys(&self) -> Result<Vec<Key>> {
        self.rows("SELECT id, hash, hint, name, scope, made FROM keys ORDER BY id", [], key)
    }

    fn users(&self) -> Result<Vec<User>> {
        self.rows("SELECT id, email, role, password, disabled, made FROM users ORDER BY id", [], user)
    }

    fn user_at(&self, email: &str) -> Result<Option<User>> {
        let sql = "SELECT id, email, role, password, disabled, made FROM users WHERE email = ?";
        Ok(self.sql.prepare_cached(sql)?.query_row([email], user).optional()?)
    }

    fn holder(&self, pass: Pass, hash: &Digest, now: Instant) -> Result<Option<User>> {
        let sql = "SELECT id, email, role, password, disabled, made FROM passes JOIN users ON id = user
                   WHERE hash = ? AND kind = ? AND ends > ?";
        let params = params![hash, pass.name(), now.as_millis()];
        Ok(self.sql.prepare_cached(sql)?.query_row(params, user).optional()?)
    }

    fn has_pass(&self, pass: Pass, user: u64, now: Instant) -> Result<bool> {
        let sql = "SELECT 1 FROM passes WHERE user = ? AND kind = ? AND ends > ?";
        let params = params![whole(user), pass.name(), now.as_millis()];
        Ok(self.sql.prepare_cached(sql)?.exists(params)?)
    }
}

impl AccessChange for Session<'_> {
    fn add_key(
        &mut self,
        name: &str,
        scope: Scope,
        (hash, hint): (&Digest, &str),
        made: Instant,
    ) -> Result<Key> {
        let sql = "INSERT INTO keys (hash, hint, name, scope, made) VALUES (?, ?, ?, ?, ?)";
        self.run(sql, params![hash, hint, name, scope.name(), made.as_millis()])?;
        let id = natural(self.sql.last_insert_rowid());
        Ok(Key { id, hash: *hash, hint: hint.to_owned(), name: name.to_owned(), scope, made })
    }

    fn drop_key(&mut self, id: u64) -> Result<bool> {
        Ok(self.run("DELETE FROM keys WHERE id = ?", [whole(id)])? > 0)
    }

    fn add_user(&mut self, email: Option<&str>, role: Role, made: Instant) -> Result<User> {
        let sql = "INSERT INTO users (email, role, disabled, made) VALUES (?, ?, 0, ?)";
        self.run(sql, params![email, role.name(), made.as_millis()])?;
        let id = natural(self.sql.last_insert_rowid());
        let email = email.map(str::to_owned);
        Ok(User { id, email, role, password: None, is_disabled: false, made })
    }

    fn put_user(&mut self, user: &User) -> Result<()> {
        let User { id, email, role, password, is_disabled, .. } = user;
        let sql = "UPDATE users SET email = ?, role = ?, password = ?, disabled = ? WHERE id = ?";
        self.run(sql, params![email, role.name(), password, is_disabled, whole(*id)])?;
        Ok(())
    }

    fn give_pass(&mut self, pass: Pass, user: u64, hash: &Digest, now: Instant, ends: Instant) -> Result<()> {
        self.run("DELETE FROM passes WHERE ends <= ?", [now.as_millis()])?;
        let sql = "INSERT INTO passes (hash, kind, user, ends) VALUES (?, ?, ?, ?)";
        self.run(sql, params![hash, pass.name(), whole(user), ends.as_millis()])?;
        Ok(())
    }

    fn end_pass(&mut self, hash: &Digest) -> Result<()> {
        self.run("DELETE FROM passes WHERE hash = ?", [hash])?;
        Ok(())
    }

    fn end_invitations(&mut self, user: u64) -> Result<()> {
        let kind = Pass::Invitation.name();
        self.run("DELETE FROM passes WHERE user = ? AND kind = ?", params![whole(user), kind])?;
        Ok(())
    }

    fn end_passes(&mut self, user: u64) -> Result<()> {
        self.run("DELETE FROM passes WHERE user = ?", [whole(user)])?;
        Ok(())
    }
}

fn key(row: &Row<'_>) -> rusqlite::Result<Key> {
    let scope: String = row.get(4)?;
    Ok(Key {
        id: natural(row.get(0)?),
        hash: row.get(1)?,
        hint: row.get(2)?,
        name: row.get(3)?,
        scope: Scope::named(&scope).ok_or_else(|| unreadable(4))?,
        made: Instant::from_millis(row.get(5)?),
    })
}

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    let role: String = row.get(2)?;
    Ok(User {
        id: natural(row.get(0)?),
        email: row.get(1)?,
        role: Role::named(&role).ok_or_else(|| unreadable(2))?,
        password: row.get(3)?,
        is_disabled: row.get(4)?,
        made: Instant::from_millis(row.get(5)?),
    })
}

/// What nobody may do is no role: a file that was tampered with opens nothing.
fn unreadable(column: usize) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(column, "role or scope".to_owned(), Type::Text)
}
