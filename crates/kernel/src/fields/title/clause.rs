//! One clause of a title: the words between two breaks, and the one post that they make together.

use super::{
    Department, Seniority,
    lexicon::{Rank, Sense, Weight},
    reader::{Break, standing},
};

/// A department as a clause names it.
#[derive(Debug, Clone, Copy)]
struct Field {
    department: Department,
    weight: Weight,
    /// 0 in front of the first *of*, 1 behind it, and so on.
    depth: u8,
}

/// What a clause says so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Clause {
    /// The most senior post named in front of the first *of*.
    post: Option<Seniority>,
    /// A post that stands if nothing follows that makes it an attribute: partner, owner.
    tail: Option<Seniority>,
    /// The department of that post.
    tail_field: Option<(Department, Weight)>,
    grade: Option<Seniority>,
    learner: Option<Seniority>,
    pupil: Option<Seniority>,
    chief: bool,
    lead: Lead,
    assistant: bool,
    aide: bool,
    deputy: bool,
    void: bool,
    /// Whether the clause that this one is joined to is void: *former CEO and founder*.
    void_before: bool,
    /// A post, if nothing else is said.
    sole: Option<Seniority>,
    /// Whether the clause that this one is joined to only names a department that serves colleagues: *People and
    /// Organisation Partner*.
    in_house: bool,
    /// How many *of* have been passed.
    depth: u8,
    /// Whether someone else's post was named behind an *of*: whatever is joined to it is theirs too.
    borrowed: bool,
    /// How many known words say something about rank.
    ranks: u8,
    /// How many words say nothing about rank.
    others: u8,
    /// The first and the last field of the greatest weight and least depth.
    fields: Option<(Field, Field)>,
}

/// Where `lead` stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Lead {
    #[default]
    None,
    /// At the start of its clause.
    First,
    /// Behind other words.
    Later,
}

impl Clause {
    /// Takes in a known word.
    pub(super) fn take(&mut self, sense: Sense) {
        let serves = self.assistant || self.aide;
        let first_row = matches!(sense.rank, Rank::Post(Seniority::CLevel) | Rank::Seat);
        let someone_elses = self.depth > 0 && is_leading(sense.rank) || serves && first_row;
        if let Rank::Tail(_) | Rank::Partner = sense.rank {
            self.tail_field = sense.area;
        } else if let Some((department, weight)) = sense.area.filter(|_| !someone_elses) {
            self.take_field(Field { department, weight, depth: self.depth });
        }
        match sense.rank {
            Rank::Of if self.ranks > 0 => self.depth = self.depth.saturating_add(1),
            Rank::Of | Rank::And => {}
            Rank::Behalf => self.depth = self.depth.max(1),
            Rank::Field | Rank::Sole(_) => {
                if let (Rank::Sole(post), 0) = (sense.rank, self.depth) {
                    self.sole = Some(post);
                }
                self.others = self.others.saturating_add(1);
                self.make_attributes();
            }
            rank if self.depth > 0 => self.borrowed |= is_leading(rank),
            rank => {
                self.take_rank(rank);
                self.ranks = self.ranks.saturating_add(1);
            }
        }
    }

    /// Takes in a word that is in no table: a place, a firm, a trade.
    pub(super) fn take_other(&mut self) {
        self.others = self.others.saturating_add(1);
        if self.lead == Lead::First && self.depth == 0 {
            self.make_attributes();
        }
    }

    fn take_field(&mut self, new: Field) {
        self.fields = match self.fields {
            Some((first, last)) => match (new.weight, last.depth).cmp(&(last.weight, new.depth)) {
                std::cmp::Ordering::Less => Some((first, last)),
                std::cmp::Ordering::Equal => Some((first, new)),
                std::cmp::Ordering::Greater => Some((new, new)),
            },
            None => Some((new, new)),
        };
    }

    /// What went before turns out to describe what follows: *Lead Engineer*, *Partner Marketing*.
    fn make_attributes(&mut self) {
        if self.depth > 0 {
            return;
        }
        self.tail = None;
        if self.lead != Lead::None {
            self.lead = Lead::None;
            self.grade = Some(Seniority::Senior);
        }
    }

    fn take_rank(&mut self, rank: Rank) {
        match rank {
            Rank::Post(post) => self.take_post(post),
            Rank::Seat => {
                self.void_before = false;
                self.take_post(Seniority::CLevel);
            }
            Rank::Tail(post) => {
                self.make_attributes();
                self.tail = Some(post);
            }
            Rank::Partner => {
                let serves_colleagues = self.in_house || self.names_in_house();
                self.make_attributes();
                self.tail = Some(if serves_colleagues { Seniority::Individual } else { Seniority::CLevel });
            }
            Rank::Lead => self.lead = if self.others + self.ranks == 0 { Lead::First } else { Lead::Later },
            Rank::Chief => self.chief = true,
            Rank::Officer if self.chief => {
                self.chief = false;
                self.take_post(Seniority::CLevel);
            }
            Rank::Officer => self.take_post(Seniority::Individual),
            Rank::Grade(grade) => self.grade = Some(grade),
            Rank::Learner(learner) => {
                self.post = None;
                self.learner = Some(learner);
            }
            Rank::Pupil(pupil) => self.pupil = Some(pupil),
            Rank::Assistant if self.tail.is_some() || self.chief || self.post.is_some_and(leads) => {
                self.aide = true
            }
            Rank::Assistant => self.assistant = true,
            Rank::Aide => self.aide = true,
            Rank::Deputy => self.deputy = true,
            Rank::Void if self.post.is_some() || self.tail.is_some() => {
                self.depth = self.depth.saturating_add(1)
            }
            Rank::Void => self.void = true,
            Rank::Field | Rank::Sole(_) | Rank::Of | Rank::Behalf | Rank::And => {}
        }
    }

    fn take_post(&mut self, post: Seniority) {
        self.make_attributes();
        let post = match post {
            Seniority::CLevel if self.assistant => {
                self.aide = true;
                return;
            }
            Seniority::Manager if self.assistant => Seniority::Individual,
            post => post,
        };
        if leads(post) {
            self.learner = None;
        }
        if self.post.is_none_or(|known| standing(post) > standing(known)) {
            self.post = Some(post);
        }
    }

    /// Whether the department named is one that serves colleagues: its partners own no firm.
    fn names_in_house(&self) -> bool {
        self.fields.is_some_and(|(_, last)| {
            matches!(last.department, Department::Hr | Department::Procurement | Department::Support)
        })
    }

    /// How the next clause begins, when this one ends so.
    pub(super) fn next(&self, by: Break) -> Self {
        let joined = by == Break::And;
        let borrowed = by != Break::Wall && self.borrowed;
        Self {
            borrowed,
            depth: u8::from(borrowed),
            void_before: joined && self.is_void(),
            chief: joined && self.chief,
            pupil: self.pupil.filter(|_| joined),
            in_house: joined && self.ranks == 0 && self.names_in_house(),
            assistant: joined && self.assistant && self.post.is_none(),
            ..Self::default()
        }
    }

    /// The seniority that the clause tells, when it ends so.
    pub(super) fn seniority(&self, by: Break) -> Option<Seniority> {
        if self.is_void() {
            return None;
        }
        let specialist = || Some(self.grade.unwrap_or(Seniority::Individual));
        let post = self.post_with_tails(by);
        if self.pupil.is_some() {
            self.pupil
        } else if self.aide || (self.assistant && self.tail.is_some()) {
            specialist()
        } else if self.learner.is_some() {
            self.learner
        } else {
            match post {
                Some(Seniority::CLevel) if self.deputy => Some(Seniority::Vp),
                Some(Seniority::Manager) if self.grade == Some(Seniority::Individual) => self.grade,
                Some(Seniority::Individual) => specialist(),
                None if self.assistant && self.ranks > 0 => specialist(),
                None if self.sole.is_some() && self.others == 1 => self.grade.or(self.sole),
                None => self.grade,
                post => post,
            }
        }
    }

    /// The post, with what turned out to be one because nothing followed it.
    fn post_with_tails(&self, by: Break) -> Option<Seniority> {
        let lead = (self.lead != Lead::None).then_some(Seniority::Manager);
        // A chief whose officer may still come after *and*.
        let chief = (self.chief && by != Break::And).then_some(Seniority::Head);
        [self.post, self.tail, lead, chief].into_iter().flatten().max_by_key(|post| standing(*post))
    }

    /// The department that the clause names, with the weight of its word.
    pub(super) fn field(&self, romance: bool) -> Option<(Department, Weight)> {
        if self.is_void() {
            return None;
        }
        let named = self.fields.map(|(first, last)| if romance { first } else { last });
        let named = named.map(|field| (field.department, field.weight));
        named.or(self.tail_field.filter(|_| self.tail.is_some()))
    }

    /// Whether what the clause says is not so, or no longer.
    fn is_void(&self) -> bool {
        self.void || self.void_before
    }

    /// Whether the clause says nothing at all.
    pub(super) fn is_empty(&self) -> bool {
        self.ranks == 0 && self.others == 0
    }

    /// Whether the clause only takes another back: `(retired)`.
    pub(super) fn is_only_void(&self) -> bool {
        self.void && self.ranks == 1 && self.others == 0
    }

    /// Whether the clause is someone who serves another.
    pub(super) fn serves(&self) -> bool {
        self.aide
    }

    /// Whether the clause is nothing but a post of the first row.
    pub(super) fn is_only_first_row(&self) -> bool {
        self.ranks == 1 && self.others == 0 && self.post == Some(Seniority::CLevel)
    }
}

/// A post that others report to.
fn leads(post: Seniority) -> bool {
    standing(post) >= standing(Seniority::Manager)
}

/// A word that names such a post.
fn is_leading(rank: Rank) -> bool {
    match rank {
        Rank::Post(post) | Rank::Tail(post) => leads(post),
        Rank::Seat | Rank::Partner | Rank::Chief => true,
        _ => false,
    }
}
