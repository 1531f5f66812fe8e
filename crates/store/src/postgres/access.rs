//! Keys, users and their passes in PostgreSQL.

use kelvin_kernel::Instant;
use postgres::Row;

use super::{
    row::{Columns, text, whole},
    session::Session,
};
use crate::{AccessChange, AccessView, Digest, Error, Key, Pass, Result, Role, Scope, User};

/// The columns of a user, in the order in which they are read.
const USER: &str = "id, email, role, password, disabled, made";

impl AccessView for Session<'_> {
    fn keys(&self) -> Result<Vec<Key>> {
        self.rows("SELECT id, hash, hint, name, scope, made FROM keys ORDER BY id", &[], key)
    }

    fn users(&self) -> Result<Vec<User>> {
        self.rows(&format!("SELECT {USER} FROM users ORDER BY id"), &[], user)
    }

    fn user_at(&self, email: &str) -> Result<Option<User>> {
        self.row(&format!("SELECT {USER} FROM users WHERE email = $1"), &[&text(email)], user)
    }

    fn holder(&self, pass: Pass, hash: &Digest, now: Instant) -> Result<Option<User>> {
        let sql = format!(
            "SELECT {USER} FROM passes JOIN users ON id = holder WHERE hash = $1 AND kind = $2 AND ends > $3"
        );
        self.row(&sql, &[&hash.as_slice(), &pass.name(), &now.as_millis()], user)
    }

    fn has_pass(&self, pass: Pass, user: u64, now: Instant) -> Result<bool> {
        let sql = "SELECT 1 FROM passes WHERE holder = $1 AND kind = $2 AND ends > $3 LIMIT 1";
        Ok(self.row(sql, &[&whole(user), &pass.name(), &now.as_millis()], |_| Ok(()))?.is_some())
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
        let sql = "INSERT INTO keys (hash, hint, name, scope, made) VALUES ($1, $2, $3, $4, $5) RETURNING id";
        let params = (hash.as_slice(), text(hint), text(name), scope.name(), made.as_millis());
        let given =
            self.row(sql, &[&params.0, &params.1, &params.2, &params.3, &params.4], |row| row.natural(0));
        let id = given?.unwrap_or(0);
        Ok(Key { id, hash: *hash, hint: hint.to_owned(), name: name.to_owned(), scope, made })
    }

    fn drop_key(&mut self, id: u64) -> Result<bool> {
        Ok(self.run("DELETE FROM keys WHERE id = $1", &[&whole(id)])? > 0)
    }

    fn add_user(&mut self, email: Option<&str>, role: Role, made: Instant) -> Result<User> {
        let sql = "INSERT INTO users (email, role, disabled, made) VALUES ($1, $2, false, $3) RETURNING id";
        let params = (email.map(text), role.name(), made.as_millis());
        let given = self.row(sql, &[&params.0, &params.1, &params.2], |row| row.natural(0));
        let email = email.map(str::to_owned);
        Ok(User { id: given?.unwrap_or(0), email, role, password: None, is_disabled: false, made })
    }

    fn put_user(&mut self, user: &User) -> Result<()> {
        let User { id, email, role, password, is_disabled, .. } = user;
        let sql = "UPDATE users SET email = $1, role = $2, password = $3, disabled = $4 WHERE id = $5";
        let [email, password] = [email, password].map(|some| some.as_deref().map(text));
        self.run(sql, &[&email, &role.name(), &password, is_disabled, &whole(*id)])?;
        Ok(())
    }

    fn give_pass(&mut self, pass: Pass, user: u64, hash: &Digest, now: Instant, ends: Instant) -> Result<()> {
        self.run("DELETE FROM passes WHERE ends <= $1", &[&now.as_millis()])?;
        let sql = "INSERT INTO passes (hash, kind, holder, ends) VALUES ($1, $2, $3, $4)";
        self.run(sql, &[&hash.as_slice(), &pass.name(), &whole(user), &ends.as_millis()])?;
        Ok(())
    }

    fn end_pass(&mut self, hash: &Digest) -> Result<()> {
        self.run("DELETE FROM passes WHERE hash = $1", &[&hash.as_slice()])?;
        Ok(())
    }

    fn end_invitations(&mut self, user: u64) -> Result<()> {
        let kind = Pass::Invitation.name();
        self.run("DELETE FROM passes WHERE holder = $1 AND kind = $2", &[&whole(user), &kind])?;
        Ok(())
    }

    fn end_passes(&mut self, user: u64) -> Result<()> {
        self.run("DELETE FROM passes WHERE holder = $1", &[&whole(user)])?;
        Ok(())
    }
}

fn key(row: &Row) -> Result<Key> {
    let hash =
        Digest::try_from(row.value::<&[u8]>(1)?).map_err(|_| Error::Name("a broken hash".to_owned()))?;
    Ok(Key {
        id: row.natural(0)?,
        hash,
        hint: row.text(2)?,
        name: row.text(3)?,
        scope: row.named(4, Scope::named)?,
        made: row.instant(5)?,
    })
}

fn user(row: &Row) -> Result<User> {
    Ok(User {
        id: row.natural(0)?,
        email: row.some_text(1)?,
        role: row.named(2, Role::named)?,
        password: row.some_text(3)?,
        is_disabled: row.value(4)?,
        made: row.instant(5)?,
    })
}
