//! # A cache for DNS answers
//!
//! Looking a name up takes several round trips, so everybody caches: the browser, the
//! operating system, the resolver. Each answer says how many seconds it may be kept, its TTL,
//! and whoever changes an address has to wait for as long. "It still goes to the old server"
//! and "I have created the name, but nobody finds it" are both questions about this cache.
//!
//! Write `Cache`. It also remembers what does not exist, or a mistyped name would go to the
//! root servers with every request: "no such name" (NXDOMAIN), and "the name exists, but has
//! no records of this type" (NODATA).
//!
//! 1. `put` keeps a set of records of one name and type, and replaces an older set. The set
//!    has one TTL, the smallest of its records (RFC 2181, section 5.2).
//! 2. `get` gives the records with the seconds that are left, rounded down, in place of
//!    their TTL. When the TTL has passed since `put`, the set is gone.
//! 3. A TTL of 0 means: do not keep. One of 2^31 or more is taken as 0 (RFC 2181, section 8).
//!    This holds for each record of a set, and for the `minimum` of rule 4 as well.
//! 4. A negative answer comes with the zone's SOA record, and is kept for the smaller of its
//!    TTL and its `minimum` field (RFC 2308, section 5). Without a SOA it is not kept.
//! 5. `put_no_data` counts for one type of the name, `put_nx_domain` for all types.
//! 6. What was put last is true: NXDOMAIN ends everything known of the name. Records or
//!    NODATA of any type end its NXDOMAIN. What may not be kept ends what it replaces all
//!    the same, and then nothing is known.
//!
//! An example: `put` of an A record of a.test with a TTL of 300. After 10.5 seconds `get` of
//! a.test and A gives the record with a TTL of 289; `get` of a.test and TXT gives `None`: we
//! don't know. After 300 seconds the A record is gone as well.
//!
//! How it is judged: examples of each rule on a clock that the tests move; 500 random
//! sequences of up to 100 operations on 3 names, compared with a list of all that was put.

use clock::Clock;
use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::time::Duration;

/// A domain name in lower case, without the dot at its end.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    pub fn new(name: &str) -> Self {
        Self(name.trim_end_matches('.').to_ascii_lowercase())
    }
}

/// The type of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Type {
    A,
    Soa,
    Txt,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    A(Ipv4Addr),
    /// The last field of a SOA record; the others don't matter here.
    Soa {
        minimum: u32,
    },
    Txt(String),
}

impl Data {
    pub fn record_type(&self) -> Type {
        match self {
            Data::A(_) => Type::A,
            Data::Soa { .. } => Type::Soa,
            Data::Txt(_) => Type::Txt,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub name: Name,
    pub ttl: u32,
    pub data: Data,
}

/// What the cache knows of a name and a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    Records(Vec<Record>),
    NoData,
    NxDomain,
}

/// Answers, each for as long as it may be kept.
pub struct Cache {
    clock: Clock,
    /// By type; what counts for all types is under `None`.
    names: HashMap<Name, HashMap<Option<Type>, Entry>>,
}

struct Entry {
    known: Known,
    /// When it ends.
    end: Duration,
}

impl Cache {
    /// An empty cache. `clock.now()` is the time since some moment in the past, as a `Duration`.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            names: HashMap::new(),
        }
    }

    /// Keeps records, all of one name and type, at least one.
    pub fn put(&mut self, records: Vec<Record>) {
        todo!("step 1: which name, which type, and for how long?")
    }

    /// Keeps that a name has no records of a type.
    pub fn put_no_data(&mut self, name: &Name, record_type: Type, soa: Option<&Record>) {
        todo!("step 2: the SOA says for how long")
    }

    /// Keeps that a name does not exist.
    pub fn put_nx_domain(&mut self, name: &Name, soa: Option<&Record>) {
        todo!("step 3: the same for all types")
    }

    /// What is known of a name and a type now.
    pub fn get(&self, name: &Name, record_type: Type) -> Option<Known> {
        todo!("step 4: what is there, has not ended, and with the seconds that are left")
    }

    /// Keeps what is known of a type of a name, or of all types, for so many seconds.
    fn keep(&mut self, name: &Name, of: Option<Type>, known: Known, ttl: Option<u32>) {
        todo!("step 5: what does this end, and when does it end itself?")
    }
}

/// How long a TTL says that something may be kept.
fn lifetime(ttl: u32) -> u32 {
    todo!("step 6: rule 3")
}

/// How long a negative answer with this SOA record may be kept.
fn negative_lifetime(soa: &Record) -> Option<u32> {
    todo!("step 7: rule 4")
}

#[cfg(test)]
mod tests;
