//! # An iterative DNS resolver with a cache
//!
//! No server knows all names. The root servers know who is responsible for `test`, those
//! know who is responsible for `bank.test`, and only those know where `www.bank.test` is. A
//! resolver walks down that tree, for you and against everybody who would like to send you
//! elsewhere: it believes a server only about names below the zone that it asked it for.
//!
//! Write `Resolver`. Messages, the `Cache` of the last exercise and a `Transport` are given.
//!
//! 1. The servers of the closest zone in the cache are asked, or the roots, always for the
//!    full name and type. A referral to a zone further down (NS records in `authority`, on
//!    the way from the zone asked to the name) is followed. All that is learnt is cached.
//! 2. Authoritative answers count, in this order: records of the name and type; a CNAME record
//!    of the name, also with the code `NxDomain`, which then speaks of its target; this is looked
//!    up, up to 16 in a row, else `Loop`; `NxDomain`; and NODATA, which is `NoError` without any of
//!    these. Those two live as the SOA record of a zone that the name is in says. `resolve` gives
//!    the aliases, then the records; or the error of the last name.
//! 3. Anything else is no help, nor is anything with the code `Failure`, and the next server is
//!    asked, after silence too. When none of a zone's servers has helped, all are asked a second
//!    time; then it is `ServFail`.
//! 4. A response must have the id and the question of its query, and every query a fresh id.
//! 5. Of `additional` only addresses of the NS names of a referral are believed, if these
//!    are in the zone that was asked; of the other sections only what rules 1 and 2 name. So an
//!    alias's target is asked for, even if its records come along (RFC 2181, section 5.4.1).
//! 6. A server name without an address is looked up itself. If it is in its own zone and its
//!    address is neither in the cache nor in the referral, only the zone above can tell; a
//!    referral to nothing but such servers may be followed or be no help, as you like.
//!    Server names that need each other end in `ServFail`, not in a loop: one `resolve` makes
//!    at most 100 queries.
//!
//! An example: www.bank.test is asked of a root, which refers to the servers of test; these
//! refer to bank.test, and these give the address: three queries. mail.bank.test costs one
//! more, to bank.test. Asked again, both cost none until their TTL ends.
//!
//! How it is judged: a dozen zones on simulated servers that log every query. The zones asked
//! are compared exactly: cold, warm, after the end of each TTL. Servers are silent, lame or
//! lie; packets get lost; 150 random lookups must give what the zones say. One lookup runs
//! over real sockets, encoded by hickory-proto.

use clock::Clock;
use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::time::Duration;

/// So many aliases in a row are followed.
const MAX_ALIASES: usize = 16;
/// So many queries one call of `resolve` makes.
const MAX_QUERIES: u32 = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResolveError {
    /// The name does not exist.
    NxDomain,
    /// The name exists, but has no records of this type.
    NoData,
    /// No server could help.
    ServFail,
    /// Too many aliases.
    Loop,
}

/// A way to a server.
pub trait Transport {
    /// Sends a query and waits for the response; `None` when none comes in time.
    fn exchange(&mut self, server: Ipv4Addr, query: &Query) -> Option<Response>;
}

/// Finds what names stand for by asking the servers of the world.
pub struct Resolver<T> {
    roots: Vec<Ipv4Addr>,
    transport: T,
    cache: Cache,
    /// How many queries, and lookups of server names, this call of `resolve` may still make.
    steps_left: u32,
    /// The server names that are being looked up, each for the sake of the one before.
    waiting: Vec<Name>,
}

/// A zone, and the names of its servers with the addresses that are known.
struct Zone {
    name: Name,
    servers: Vec<(Name, Vec<Ipv4Addr>)>,
}

/// A response that helps.
enum Reply {
    Known(Known),
    Referral(Zone),
}

impl<T: Transport> Resolver<T> {
    /// A resolver that knows nothing but the addresses of the root servers.
    pub fn new(roots: Vec<Ipv4Addr>, transport: T, clock: Clock) -> Self {
        Self {
            roots,
            transport,
            cache: Cache::new(clock),
            steps_left: 0,
            waiting: Vec::new(),
        }
    }

    /// The aliases on the way from a name to its records of a type, and these records.
    pub fn resolve(&mut self, name: &Name, of: Type) -> Result<Vec<Record>, ResolveError> {
        self.steps_left = MAX_QUERIES;
        self.follow(name, of)
    }

    /// The same as a part of another lookup.
    fn follow(&mut self, name: &Name, of: Type) -> Result<Vec<Record>, ResolveError> {
        todo!("step 1: find, and as long as an alias comes, find its target")
    }

    /// What is known of a name and a type, from the cache or from servers. An alias is not followed.
    fn find(&mut self, name: &Name, of: Type) -> Result<Known, ResolveError> {
        todo!("step 2: the cache, or the closest zone and its referrals")
    }

    /// The zone in the cache that is closest to a name, or the root.
    fn closest_zone(&self, name: &Name) -> Zone {
        todo!("step 3: the first ancestor whose servers are known, and can be reached")
    }

    /// Given: the addresses of a server that are in the cache.
    fn cached_addresses(&self, server: &Name) -> Vec<Ipv4Addr> {
        match self.cache.get(server, Type::A) {
            Some(Known::Records(records)) => records.iter().filter_map(Record::address).collect(),
            _ => Vec::new(),
        }
    }

    /// Asks the servers of a zone, one after the other, and all of them twice.
    fn ask(&mut self, zone: &Zone, question: &Question) -> Result<Reply, ResolveError> {
        todo!("step 4: one server after the other, all of them twice")
    }

    /// The addresses of a server of another zone; none if it is already being looked up.
    fn find_server(&mut self, server: &Name) -> Vec<Ipv4Addr> {
        todo!("step 5: follow it, unless it is being looked up already")
    }

    /// Given: whether there is a step left; it is taken.
    fn take_step(&mut self) -> bool {
        let left = self.steps_left.checked_sub(1);
        self.steps_left = left.unwrap_or(0);
        left.is_some()
    }

    /// Asks one server; `None` when it is no help.
    fn ask_one(&mut self, zone: &Zone, server: Ipv4Addr, question: &Question) -> Option<Reply> {
        todo!("step 6: send a query, and see whether the response helps")
    }

    /// What an authoritative response says of its question.
    fn read_answer(&mut self, response: &Response) -> Known {
        todo!("step 7: records, an alias, NXDOMAIN or NODATA; all of it is cached")
    }

    /// The zone that a response refers to, if it is on the way from this one to the name.
    fn read_referral(&mut self, zone: &Zone, response: &Response) -> Option<Reply> {
        todo!("step 8: is it further down? Then its servers, with the glue to be believed")
    }
}

/// Given: an id that nobody can guess. Whoever can guess it can answer before the server does.
fn fresh_id() -> u16 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0) as u16
}

/// Given: those of the records that are wanted.
fn select(records: &[Record], is_wanted: impl Fn(&Record) -> bool) -> Vec<Record> {
    let wanted = records.iter().filter(|record| is_wanted(record));
    wanted.cloned().collect()
}

/// Given: a domain name in lower case, without the dot at its end. The root is empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    pub fn new(name: &str) -> Self {
        Self(name.trim_end_matches('.').to_ascii_lowercase())
    }

    /// Whether it is this zone's name, or below it.
    pub fn is_in(&self, zone: &Name) -> bool {
        let above = self.0.strip_suffix(&zone.0);
        above.is_some_and(|above| above.is_empty() || zone.0.is_empty() || above.ends_with('.'))
    }

    /// The name itself, the one above it, and so on to the root.
    pub fn ancestors(&self) -> impl Iterator<Item = Name> {
        let above = |name: &Name| {
            let (_, above) = name.0.split_once('.').unwrap_or_default();
            (!name.0.is_empty()).then(|| Name(above.into()))
        };
        std::iter::successors(Some(self.clone()), above)
    }
}

/// Given: the type of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Type {
    A,
    Ns,
    Cname,
    Soa,
    Txt,
}

/// Given: what a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    A(Ipv4Addr),
    Ns(Name),
    Cname(Name),
    Soa { minimum: u32 },
    Txt(String),
}

impl Data {
    pub fn record_type(&self) -> Type {
        match self {
            Data::A(_) => Type::A,
            Data::Ns(_) => Type::Ns,
            Data::Cname(_) => Type::Cname,
            Data::Soa { .. } => Type::Soa,
            Data::Txt(_) => Type::Txt,
        }
    }
}

/// Given: a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub name: Name,
    pub ttl: u32,
    pub data: Data,
}

impl Record {
    /// The server that an NS record names.
    pub fn server(&self) -> Option<&Name> {
        match &self.data {
            Data::Ns(server) => Some(server),
            _ => None,
        }
    }

    /// The address in an A record.
    pub fn address(&self) -> Option<Ipv4Addr> {
        match self.data {
            Data::A(address) => Some(address),
            _ => None,
        }
    }
}

/// Given: which records of which name are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub name: Name,
    pub of: Type,
}

/// Given: what a server is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    pub id: u16,
    pub question: Question,
}

/// Given: what a server sends back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    pub id: u16,
    pub question: Question,
    pub code: Code,
    /// Whether the server is responsible for the name, and not only heard of it.
    pub authoritative: bool,
    pub answers: Vec<Record>,
    pub authority: Vec<Record>,
    pub additional: Vec<Record>,
}

/// Given: how it went, according to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    NoError,
    NxDomain,
    /// An error: it cannot, or does not want to.
    Failure,
}

/// Given: what is known of a name and a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    Records(Vec<Record>),
    NoData,
    NxDomain,
}

/// Given: the cache of the last exercise.
pub struct Cache {
    clock: Clock,
    /// By type, or `None` for all types: what is known, and when that ends.
    names: HashMap<Name, HashMap<Option<Type>, (Known, Duration)>>,
}

impl Cache {
    pub fn new(clock: Clock) -> Self {
        let names = HashMap::new();
        Self { clock, names }
    }

    /// Keeps records, all of one name and type. None at all are ignored.
    pub fn put(&mut self, records: Vec<Record>) {
        let Some(first) = records.first() else {
            return;
        };
        let (name, of) = (first.name.clone(), first.data.record_type());
        let ttl = records.iter().map(|record| lifetime(record.ttl)).min();
        self.keep(&name, Some(of), Known::Records(records), ttl);
    }

    /// Keeps that a name has no records of a type, for as long as the SOA says.
    pub fn put_no_data(&mut self, name: &Name, of: Type, soa: Option<&Record>) {
        self.keep(name, Some(of), Known::NoData, soa.and_then(negative_ttl));
    }

    /// Keeps that a name does not exist, for as long as the SOA says.
    pub fn put_nx_domain(&mut self, name: &Name, soa: Option<&Record>) {
        self.keep(name, None, Known::NxDomain, soa.and_then(negative_ttl));
    }

    /// What is known now; records with the seconds that are left.
    pub fn get(&self, name: &Name, of: Type) -> Option<Known> {
        let types = self.names.get(name)?;
        let (known, end) = types.get(&None).or_else(|| types.get(&Some(of)))?;
        let left = end.saturating_sub(self.clock.now());
        let mut known = (!left.is_zero()).then(|| known.clone())?;
        if let Known::Records(records) = &mut known {
            let ttl = left.as_secs() as u32;
            records.iter_mut().for_each(|record| record.ttl = ttl);
        }
        Some(known)
    }

    fn keep(&mut self, name: &Name, of: Option<Type>, known: Known, ttl: Option<u32>) {
        // What may not be kept ends now; until then it has replaced what was known.
        let ttl = ttl.unwrap_or(0);
        let end = self.clock.now() + Duration::from_secs(u64::from(ttl));
        let types = self.names.entry(name.clone()).or_default();
        match of {
            None => types.clear(),
            Some(_) => _ = types.remove(&None),
        }
        types.insert(of, (known, end));
    }
}

/// A TTL of 2^31 or more is taken as 0.
fn lifetime(ttl: u32) -> u32 {
    if ttl < 1 << 31 { ttl } else { 0 }
}

fn negative_ttl(soa: &Record) -> Option<u32> {
    match soa.data {
        Data::Soa { minimum } => Some(lifetime(soa.ttl).min(lifetime(minimum))),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
