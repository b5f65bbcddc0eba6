use super::*;
use Type::{A, Cname, Ns, Txt};
use clock::Clock;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// The world: zones with their servers and records. A line is: name, TTL, type, value. Names are
/// relative to the zone unless they end with a dot. Glue stands where it is handed out.
const WORLD: &[(&str, &[u8], &str)] = &[
    (
        "",
        &[1, 2],
        "test 86400 NS ns1.nic.test.
         test 86400 NS ns2.nic.test.
         ns1.nic.test 86400 A 10.0.0.11
         ns2.nic.test 86400 A 10.0.0.12
         example 86400 NS ns.nic.example.
         ns.nic.example 86400 A 10.0.0.13",
    ),
    (
        "test",
        &[11, 12],
        "ns1.nic 86400 A 10.0.0.11
         ns2.nic 86400 A 10.0.0.12
         bank 3600 NS ns1.bank.test.
         bank 3600 NS ns2.bank.test.
         ns1.bank 3600 A 10.0.0.21
         ns2.bank 3600 A 10.0.0.22
         shop 3600 NS ns.cdn.example.
         short 3600 NS ns.short.test.
         ns.short 60 A 10.0.0.23
         chain 3600 NS ns.chain.test.
         ns.chain 3600 A 10.0.0.24
         evil 3600 NS ns.evil.test.
         ns.evil 3600 A 10.0.0.66
         one 3600 NS ns.two.test.
         two 3600 NS ns.one.test.
         half 3600 NS ns.one.test.
         half 3600 NS ns.half.test.
         ns.half 3600 A 10.0.0.25
         noglue 3600 NS ns.noglue.test.",
    ),
    (
        "example",
        &[13],
        "ns.nic 86400 A 10.0.0.13
         cdn 3600 NS ns.cdn.example.
         ns.cdn 3600 A 10.0.0.31
         direct 300 A 10.1.3.1",
    ),
    (
        "bank.test",
        &[21, 22],
        "ns1 3600 A 10.0.0.21
         ns2 3600 A 10.0.0.22
         www 300 A 10.1.1.1
         www 300 A 10.1.1.2
         mail 300 A 10.1.1.3
         web 300 CNAME www.bank.test.
         lost 300 CNAME missing.bank.test.
         note 300 TXT hello
         a.b.c 300 A 10.1.1.4
         sub 3600 NS ns.sub.bank.test.
         ns.sub 3600 A 10.0.0.26",
    ),
    (
        "sub.bank.test",
        &[26],
        "ns 3600 A 10.0.0.26
         deep 300 A 10.1.1.5",
    ),
    (
        "shop.test",
        &[31],
        "www 120 CNAME web.cdn.example.
         api 120 A 10.1.2.1",
    ),
    (
        "cdn.example",
        &[31],
        "ns 3600 A 10.0.0.31
         web 30 A 10.1.2.2",
    ),
    (
        "short.test",
        &[23],
        "ns 60 A 10.0.0.23
         www 30 A 10.1.4.1
         api 30 A 10.1.4.2",
    ),
    (
        "half.test",
        &[25],
        "ns 3600 A 10.0.0.25
         www 300 A 10.1.5.1",
    ),
    (
        "evil.test",
        &[66],
        "ns 3600 A 10.0.0.66
         www 300 A 10.6.6.6
         trick 300 CNAME www.bank.test.",
    ),
];

/// The address of a server.
fn server(number: u8) -> Ipv4Addr {
    Ipv4Addr::new(10, 0, 0, number)
}

fn name(text: &str) -> Name {
    Name::new(text)
}

/// A record from a line of a zone.
fn record(zone: &str, line: &str) -> Record {
    let mut words = line.split_whitespace();
    let mut word = || words.next().expect("a line has four words");
    let absolute = |word: &str| match word.ends_with('.') || zone.is_empty() {
        true => name(word),
        false => name(&format!("{word}.{zone}")),
    };
    let of = absolute(word());
    let ttl = word().parse().expect("a TTL is a number");
    let data = match (word(), word()) {
        ("A", value) => Data::A(value.parse().expect("an address")),
        ("NS", value) => Data::Ns(name(value)),
        ("CNAME", value) => Data::Cname(name(value)),
        (_, value) => Data::Txt(value.into()),
    };
    Record {
        name: of,
        ttl,
        data,
    }
}

/// A zone as its servers have it.
#[derive(Clone)]
struct Served {
    zone: String,
    servers: Vec<Ipv4Addr>,
    records: Vec<Record>,
    /// The TTL of its SOA record, and the minimum field.
    soa: (u32, u32),
}

impl Served {
    fn new(zone: &str, servers: &[u8], records: &str) -> Self {
        let lines = records.lines().filter(|line| !line.trim().is_empty());
        Served {
            zone: zone.into(),
            servers: servers.iter().map(|&number| server(number)).collect(),
            records: lines.map(|line| record(zone, line)).collect(),
            soa: (900, 60),
        }
    }

    /// What a server of this zone answers to a question below it.
    fn answer(&self, query: &Query) -> Response {
        let Question { name, of } = &query.question;
        let apex = Name::new(&self.zone);
        let mut response = empty(query);
        let of_type = |of: Type| move |record: &&Record| record.data.record_type() == of;
        let cut = name
            .ancestors()
            .take_while(|above| *above != apex)
            .filter(|above| {
                let mut servers = self.records.iter().filter(of_type(Ns));
                servers.any(|record| record.name == *above)
            });
        if let Some(child) = cut.last() {
            let servers = self.records.iter().filter(of_type(Ns));
            response.authority = servers
                .filter(|record| record.name == child)
                .cloned()
                .collect();
            let named: Vec<&Name> = response
                .authority
                .iter()
                .filter_map(Record::server)
                .collect();
            let glue = self
                .records
                .iter()
                .filter(|record| named.contains(&&record.name));
            response.additional = glue.cloned().collect();
            return response;
        }
        response.authoritative = true;
        let of_name = self.records.iter().filter(|record| record.name == *name);
        for wanted in [*of, Cname] {
            let records = of_name.clone().filter(of_type(wanted));
            response.answers = records.cloned().collect();
            if !response.answers.is_empty() {
                return response;
            }
        }
        let (ttl, minimum) = self.soa;
        let exists = *name == apex || self.records.iter().any(|record| record.name.is_in(name));
        if !exists {
            response.code = Code::NxDomain;
        }
        response.authority.push(Record {
            name: apex,
            ttl,
            data: Data::Soa { minimum },
        });
        response
    }
}

fn empty(query: &Query) -> Response {
    Response {
        id: query.id,
        question: query.question.clone(),
        code: Code::NoError,
        authoritative: false,
        answers: Vec::new(),
        authority: Vec::new(),
        additional: Vec::new(),
    }
}

/// What a server answers: the deepest of its zones that the name is in, or a refusal.
fn answer_of(zones: &[Served], server: Ipv4Addr, query: &Query) -> Response {
    let name = &query.question.name;
    let serves =
        |zone: &&Served| zone.servers.contains(&server) && name.is_in(&Name::new(&zone.zone));
    let zones = zones.iter().filter(serves);
    match zones.max_by_key(|zone| zone.zone.len()) {
        Some(zone) => zone.answer(query),
        None => Response {
            code: Code::Failure,
            ..empty(query)
        },
    }
}

type Fault = Box<dyn FnMut(Ipv4Addr, &Query, Response) -> Option<Response>>;

/// The network: zones, a log of the queries, and what goes wrong.
struct World {
    clock: Clock,
    zones: Vec<Served>,
    /// For each query: the server, and the query.
    log: Vec<(Ipv4Addr, Query)>,
    fault: Fault,
}

#[derive(Clone)]
struct Network(Rc<RefCell<World>>);

impl Transport for Network {
    fn exchange(&mut self, server: Ipv4Addr, query: &Query) -> Option<Response> {
        let mut world = self.0.borrow_mut();
        world.log.push((server, query.clone()));
        assert!(
            world.log.len() <= 400,
            "more than 400 queries without an end; the last one is for {:?}",
            query.question
        );
        let response = answer_of(&world.zones, server, query);
        let response = (world.fault)(server, query, response);
        let time = Duration::from_millis(if response.is_some() { 1 } else { 2_000 });
        world.clock.advance(time);
        response
    }
}

struct Test {
    resolver: Resolver<Network>,
    network: Network,
    clock: Clock,
    done: Vec<String>,
}

impl Test {
    fn new() -> Self {
        Self::with(|_, _, response| Some(response))
    }

    /// With something that is done to every response: change it, or lose it.
    fn with(fault: impl FnMut(Ipv4Addr, &Query, Response) -> Option<Response> + 'static) -> Self {
        let clock = Clock::new();
        let zones = WORLD
            .iter()
            .map(|(zone, servers, records)| Served::new(zone, servers, records));
        let network = Network(Rc::new(RefCell::new(World {
            clock: clock.clone(),
            zones: zones.collect(),
            log: Vec::new(),
            fault: Box::new(fault),
        })));
        let roots = vec![server(1), server(2)];
        Test {
            resolver: Resolver::new(roots, network.clone(), clock.clone()),
            network,
            clock,
            done: Vec::new(),
        }
    }

    /// Adds records to a zone.
    fn add(&mut self, zone: &str, records: &str) {
        let mut world = self.network.0.borrow_mut();
        let mut zones = world.zones.iter_mut();
        let of = zones.find(|of| of.zone == zone).expect("the zone is there");
        of.records
            .extend(records.lines().map(|line| record(zone, line)));
    }

    /// Adds a zone with its servers.
    fn serve(&mut self, zone: &str, servers: &[u8], records: &str) {
        let zone = Served::new(zone, servers, records);
        self.network.0.borrow_mut().zones.push(zone);
    }

    fn pass(&mut self, seconds: u64) {
        self.done.push(format!("{seconds} s passed"));
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// The outcome of a lookup in words, and the queries for it.
    fn resolve(&mut self, text: &str, of: Type) -> (String, Vec<(Ipv4Addr, Query)>) {
        self.network.0.borrow_mut().log.clear();
        let outcome = self.resolver.resolve(&name(text), of);
        let outcome = match outcome {
            Ok(records) => {
                let value = |record: &Record| match &record.data {
                    Data::A(address) => address.to_string(),
                    Data::Cname(target) => target.0.clone(),
                    data => format!("{data:?}"),
                };
                records.iter().map(value).collect::<Vec<_>>().join(", ")
            }
            Err(error) => format!("{error:?}"),
        };
        let log = std::mem::take(&mut self.network.0.borrow_mut().log);
        let zones: Vec<String> = log
            .iter()
            .map(|(server, _)| self.zone_of(*server))
            .collect();
        self.done.push(format!(
            "resolve({text}, {of:?}) gave {outcome} and asked {zones:?}"
        ));
        (outcome, log)
    }

    /// The first zone of a server, for messages.
    fn zone_of(&self, server: Ipv4Addr) -> String {
        let world = self.network.0.borrow();
        let zone = world
            .zones
            .iter()
            .find(|zone| zone.servers.contains(&server));
        match zone.map(|zone| zone.zone.as_str()) {
            Some("") => "root".into(),
            Some(zone) => zone.into(),
            None => server.to_string(),
        }
    }

    /// Looks a name up, and compares the outcome and the zones that were asked.
    #[track_caller]
    fn check(&mut self, text: &str, of: Type, outcome: &str, zones: &[&str]) {
        let (came, log) = self.resolve(text, of);
        let asked: Vec<String> = log
            .iter()
            .map(|(server, _)| self.zone_of(*server))
            .collect();
        assert!(
            came == outcome && asked == zones,
            "{}: expected were {outcome} and queries to {zones:?}",
            self.what()
        );
    }

    /// Looks a name up, and compares the outcome; so many queries are allowed.
    #[track_caller]
    fn check_outcome(&mut self, text: &str, of: Type, outcomes: &[&str], queries: usize) {
        let (came, log) = self.resolve(text, of);
        assert!(
            outcomes.contains(&came.as_str()) && log.len() <= queries,
            "{}: expected was {}, and at most {queries} queries",
            self.what(),
            outcomes.join(" or ")
        );
    }

    fn what(&self) -> String {
        self.done.join(",\nthen ")
    }
}

const BANK: &str = "10.1.1.1, 10.1.1.2";

#[test]
fn a_cold_lookup_goes_down_from_the_root() {
    Test::new().check("www.bank.test", A, BANK, &["root", "test", "bank.test"]);
    Test::new().check("direct.example", A, "10.1.3.1", &["root", "example"]);
    Test::new().check(
        "note.bank.test",
        Txt,
        "Txt(\"hello\")",
        &["root", "test", "bank.test"],
    );
    let four = ["root", "test", "bank.test", "sub.bank.test"];
    Test::new().check("deep.sub.bank.test", A, "10.1.1.5", &four);
}

#[test]
fn a_warm_lookup_asks_nobody() {
    let mut test = Test::new();
    test.check("www.bank.test", A, BANK, &["root", "test", "bank.test"]);
    test.check("www.bank.test", A, BANK, &[]);
    test.check("WWW.bank.test.", A, BANK, &[]);
}

#[test]
fn a_neighbour_is_looked_up_from_the_closest_zone_known() {
    let mut test = Test::new();
    test.check("www.bank.test", A, BANK, &["root", "test", "bank.test"]);
    test.check("mail.bank.test", A, "10.1.1.3", &["bank.test"]);
    test.check(
        "deep.sub.bank.test",
        A,
        "10.1.1.5",
        &["bank.test", "sub.bank.test"],
    );
    // The closest zone of bank.test itself is bank.test.
    test.check("bank.test", Txt, "NoData", &["bank.test"]);
    test.check("www.evil.test", A, "10.6.6.6", &["test", "evil.test"]);
    test.check("direct.example", A, "10.1.3.1", &["root", "example"]);
}

#[test]
fn after_a_ttl_only_what_has_ended_is_asked_again() {
    let mut test = Test::new();
    test.check("www.bank.test", A, BANK, &["root", "test", "bank.test"]);
    test.pass(299);
    test.check("www.bank.test", A, BANK, &[]);
    test.pass(1);
    test.check("www.bank.test", A, BANK, &["bank.test"]);
    test.pass(3_300);
    test.check("www.bank.test", A, BANK, &["test", "bank.test"]);
    test.pass(86_400);
    test.check("www.bank.test", A, BANK, &["root", "test", "bank.test"]);
}

#[test]
fn records_from_the_cache_have_the_ttl_that_is_left() {
    let mut test = Test::new();
    test.resolve("www.bank.test", A);
    test.pass(100);
    let records = test.resolver.resolve(&name("www.bank.test"), A);
    let ttls: Vec<u32> = records.iter().flatten().map(|record| record.ttl).collect();
    assert!(
        ttls.len() == 2 && ttls.iter().all(|ttl| (195..=200).contains(ttl)),
        "www.bank.test has a TTL of 300; 100 s later yours are {ttls:?}"
    );
}

#[test]
fn aliases_are_followed_and_given_first() {
    let mut test = Test::new();
    let first = ["root", "test", "bank.test", "bank.test"];
    test.check(
        "web.bank.test",
        A,
        &format!("www.bank.test, {BANK}"),
        &first,
    );
    test.check("web.bank.test", A, &format!("www.bank.test, {BANK}"), &[]);
    test.check("web.bank.test", Cname, "www.bank.test", &[]);
    Test::new().check(
        "web.bank.test",
        Cname,
        "www.bank.test",
        &["root", "test", "bank.test"],
    );
}

#[test]
fn an_alias_of_a_name_that_does_not_exist_exists() {
    // What servers really send: the alias, and the code and the SOA record for its target.
    let mut test = Test::with(|_, query, response| {
        let mut response = response;
        let is_lost = query.question.name == name("lost.bank.test");
        if response.authoritative && is_lost && query.question.of != Cname {
            response.code = Code::NxDomain;
            response.authority = vec![Record {
                name: name("bank.test"),
                ttl: 900,
                data: Data::Soa { minimum: 60 },
            }];
        }
        Some(response)
    });
    test.done
        .push("lost.bank.test is an alias of missing.bank.test, and comes with NxDomain".into());
    let asked = ["root", "test", "bank.test", "bank.test"];
    test.check("lost.bank.test", A, "NxDomain", &asked);
    test.check("lost.bank.test", Cname, "missing.bank.test", &[]);
}

#[test]
fn an_alias_whose_target_cannot_be_found_is_an_error() {
    let mut test =
        Test::with(|to, _, response| (![21, 22].map(server).contains(&to)).then_some(response));
    test.done
        .push("the servers of bank.test are silent, and trick.evil.test is an alias there".into());
    test.check_outcome("trick.evil.test", A, &["ServFail"], 8);
    test.check_outcome("trick.evil.test", A, &["ServFail"], 4);
    test.check("trick.evil.test", Cname, "www.bank.test", &[]);
}

#[test]
fn what_comes_with_an_alias_is_not_believed() {
    // Only the alias itself is sure to be authoritative: RFC 2181, section 5.4.1.
    let mut test = Test::with(|_, query, response| {
        let mut response = response;
        if response.authoritative && query.question.name == name("web.bank.test") {
            let www = record("bank.test", "www 300 A 10.9.9.9");
            response.answers.push(www);
        }
        Some(response)
    });
    test.done
        .push("web.bank.test comes with an old address of its target, 10.9.9.9".into());
    let alias = format!("www.bank.test, {BANK}");
    let asked = ["root", "test", "bank.test", "bank.test"];
    test.check("web.bank.test", A, &alias, &asked);
    test.check("www.bank.test", A, BANK, &[]);
}

#[test]
fn a_server_name_without_an_address_is_looked_up() {
    // shop.test is served by ns.cdn.example: that is found over the root and example.
    let mut test = Test::new();
    test.check_outcome("api.shop.test", A, &["10.1.2.1"], 6);
    // The alias leads to cdn.example, whose server is known by now.
    let alias = "web.cdn.example, 10.1.2.2";
    test.check("www.shop.test", A, alias, &["shop.test", "shop.test"]);
    test.pass(30);
    test.check("www.shop.test", A, alias, &["shop.test"]);
}

#[test]
fn nx_domain_and_no_data_are_different() {
    let asked = ["root", "test", "bank.test"];
    Test::new().check("nobody.bank.test", A, "NxDomain", &asked);
    Test::new().check("www.bank.test", Txt, "NoData", &asked);
    // b.c.bank.test has no records, but a name below it.
    Test::new().check("b.c.bank.test", A, "NoData", &asked);
    Test::new().check(
        "lost.bank.test",
        A,
        "NxDomain",
        &["root", "test", "bank.test", "bank.test"],
    );
    Test::new().check("nothing", A, "NxDomain", &["root"]);
}

// The SOA's minimum is 60, its TTL 900: RFC 2308, section 5.

#[test]
fn no_data_is_cached_as_long_as_the_soa_says() {
    let mut test = Test::new();
    test.check(
        "www.bank.test",
        Txt,
        "NoData",
        &["root", "test", "bank.test"],
    );
    test.pass(59);
    test.check("www.bank.test", Txt, "NoData", &[]);
    test.check("www.bank.test", A, BANK, &["bank.test"]);
    test.pass(1);
    test.check("www.bank.test", Txt, "NoData", &["bank.test"]);
}

#[test]
fn the_soa_of_the_name_counts_wherever_it_stands() {
    let mut test = Test::with(|_, _, response| {
        let mut response = response;
        let soa = response.authority.iter();
        if soa.clone().any(|record| record.name == name("bank.test")) && response.authoritative {
            let data = Data::Soa { minimum: 5 };
            let (name, ttl) = (name("cdn.example"), 5);
            response.authority.insert(0, Record { name, ttl, data });
            let ns = record("", "bank.test 3600 NS ns1.bank.test.");
            response.authority.insert(0, ns);
        }
        Some(response)
    });
    test.done.push(
        "in `authority` of bank.test an NS record and the SOA of cdn.example (5 s) come first"
            .into(),
    );
    let asked = ["root", "test", "bank.test"];
    test.check("nobody.bank.test", A, "NxDomain", &asked);
    test.check("www.bank.test", Txt, "NoData", &["bank.test"]);
    test.pass(59);
    test.check("nobody.bank.test", A, "NxDomain", &[]);
    test.check("www.bank.test", Txt, "NoData", &[]);
    test.pass(1);
    test.check("nobody.bank.test", A, "NxDomain", &["bank.test"]);
    test.check("www.bank.test", Txt, "NoData", &["bank.test"]);
}

#[test]
fn nx_domain_is_cached_for_all_types() {
    let mut test = Test::new();
    test.check(
        "nobody.bank.test",
        A,
        "NxDomain",
        &["root", "test", "bank.test"],
    );
    test.pass(59);
    test.check("nobody.bank.test", A, "NxDomain", &[]);
    test.check("nobody.bank.test", Txt, "NxDomain", &[]);
    test.pass(1);
    test.check("nobody.bank.test", A, "NxDomain", &["bank.test"]);
}

#[test]
fn a_silent_server_is_passed_over() {
    let mut test =
        Test::with(|to, _, response| (![1, 11, 21].map(server).contains(&to)).then_some(response));
    test.check_outcome("www.bank.test", A, &[BANK], 6);
    test.check_outcome("mail.bank.test", A, &["10.1.1.3"], 2);
}

#[test]
fn a_lost_packet_is_not_the_end() {
    let mut lost = BTreeSet::new();
    let mut test = Test::with(move |to, _, response| (!lost.insert(to)).then_some(response));
    // Each server loses the first query, and evil.test has a single one.
    test.check_outcome("www.evil.test", A, &["10.6.6.6"], 8);
    test.check_outcome("direct.example", A, &["10.1.3.1"], 6);
}

#[test]
fn when_all_servers_of_a_zone_are_silent_the_lookup_fails() {
    let mut test =
        Test::with(|to, _, response| (![21, 22].map(server).contains(&to)).then_some(response));
    let asked = [
        "root",
        "test",
        "bank.test",
        "bank.test",
        "bank.test",
        "bank.test",
    ];
    test.check("www.bank.test", A, "ServFail", &asked);
    test.check("www.evil.test", A, "10.6.6.6", &["test", "evil.test"]);
}

/// One of the two servers of bank.test answers like this, when it is asked for www.bank.test.
#[track_caller]
fn check_lame(what: &str, lame: fn(Response) -> Response) {
    let mut test = Test::with(move |to, query, response| {
        let is_lame = to == server(21) && query.question.name == name("www.bank.test");
        let empty = Response {
            authoritative: false,
            answers: Vec::new(),
            ..response.clone()
        };
        Some(if is_lame { lame(empty) } else { response })
    });
    test.done
        .push(format!("one of the two servers of bank.test {what}"));
    test.check_outcome("www.bank.test", A, &[BANK], 4);
    test.check_outcome("mail.bank.test", A, &["10.1.1.3"], 2);
}

#[test]
fn a_server_that_refuses_or_knows_nothing_is_passed_over() {
    check_lame("refuses", |response| Response {
        code: Code::Failure,
        ..response
    });
    check_lame("answers with nothing, not authoritative", |response| {
        response
    });
    check_lame("says Failure, authoritative", |response| Response {
        code: Code::Failure,
        authoritative: true,
        ..response
    });
    check_lame(
        "says Failure, and refers to www.bank.test at 10.0.0.66",
        |response| Response {
            code: Code::Failure,
            authority: vec![record("", "www.bank.test 3600 NS ns.www.bank.test.")],
            additional: vec![record("", "ns.www.bank.test 3600 A 10.0.0.66")],
            ..response
        },
    );
}

#[test]
fn a_server_that_has_only_heard_of_it_is_passed_over() {
    check_lame("answers with 10.9.9.9, not authoritative", |response| {
        Response {
            answers: vec![record("bank.test", "www 300 A 10.9.9.9")],
            ..response
        }
    });
    check_lame("says NXDOMAIN, not authoritative", |response| Response {
        code: Code::NxDomain,
        ..response
    });
}

#[test]
fn a_referral_that_does_not_lead_down_is_passed_over() {
    check_lame("refers to test", |response| Response {
        authority: vec![record("", "test 86400 NS ns1.nic.test.")],
        ..response
    });
    check_lame("refers to bank.test", |response| Response {
        authority: vec![record("", "bank.test 86400 NS ns1.bank.test.")],
        ..response
    });
}

#[test]
fn a_referral_to_a_zone_beside_the_way_is_passed_over() {
    check_lame("refers to mail.bank.test", |response| Response {
        authority: vec![record("", "mail.bank.test 86400 NS ns1.bank.test.")],
        ..response
    });
}

/// A response to www.bank.test with an address of the attacker's.
fn forged(response: Response) -> Response {
    let mut response = response;
    response.authoritative = true;
    response.authority.clear();
    response.answers = vec![record("bank.test", "www 300 A 10.6.6.6")];
    response
}

#[test]
fn a_response_with_another_id_is_not_believed() {
    let mut test = Test::with(|to, _, response| {
        let id = response.id.wrapping_add(1);
        let is_forged = to == server(21);
        Some(if is_forged {
            Response {
                id,
                ..forged(response)
            }
        } else {
            response
        })
    });
    test.done
        .push("one of the two servers of bank.test answers with another id".into());
    test.check_outcome("www.bank.test", A, &[BANK], 4);
}

#[test]
fn a_response_to_another_question_is_not_believed() {
    for (other, of) in [("mail.bank.test", A), ("www.bank.test", Txt)] {
        let mut test = Test::with(move |to, _, response| {
            if to != server(21) {
                return Some(response);
            }
            let question = Question {
                name: name(other),
                of,
            };
            Some(Response {
                question,
                ..forged(response)
            })
        });
        let what =
            format!("one of the two servers of bank.test answers a question for {other}, {of:?}");
        test.done.push(what);
        test.check_outcome("www.bank.test", A, &[BANK], 4);
    }
}

#[test]
fn every_query_has_a_fresh_id() {
    let mut test = Test::new();
    let mut ids = BTreeSet::new();
    for text in [
        "www.bank.test",
        "mail.bank.test",
        "www.evil.test",
        "api.shop.test",
        "direct.example",
    ] {
        let (_, log) = test.resolve(text, A);
        ids.extend(log.iter().map(|(_, query)| query.id));
    }
    assert!(
        ids.len() >= 8,
        "{}: the ids of your queries are {ids:?}; fresh_id() gives one that nobody can guess",
        test.what()
    );
}

#[test]
fn an_address_from_outside_the_zone_that_was_asked_is_not_believed() {
    // evil.test refers to a server of bank.test, and says that it is at 10.0.0.66.
    let mut test = Test::with(|to, query, response| {
        let mut response = response;
        if to == server(66) && query.question.name.is_in(&name("sub.evil.test")) {
            response.authoritative = false;
            response.code = Code::NoError;
            response.authority = vec![record("evil.test", "sub 3600 NS ns1.bank.test.")];
            response.additional = vec![record("bank.test", "ns1 3600 A 10.0.0.66")];
        }
        Some(response)
    });
    test.done.push(
        "evil.test refers sub.evil.test to ns1.bank.test, allegedly at its own address".into(),
    );
    let (_, log) = test.resolve("www.sub.evil.test", A);
    let asked = log.iter().filter(|(to, _)| *to == server(66)).count();
    assert!(
        asked == 1,
        "{}: the server of evil.test was asked {asked} times, although bank.test's server is somewhere else",
        test.what()
    );
    test.check_outcome("www.bank.test", A, &[BANK], 2);
}

#[test]
fn addresses_of_names_that_serve_nothing_are_not_believed() {
    // test itself could say it, but it was not asked for it, and it is no server of the referral.
    let mut test = Test::with(|to, _, response| {
        let mut response = response;
        if [11, 12].map(server).contains(&to) {
            response
                .additional
                .push(record("bank.test", "www 300 A 10.6.6.6"));
        }
        Some(response)
    });
    test.done
        .push("test adds an address of www.bank.test to each response".into());
    test.check_outcome("mail.bank.test", A, &["10.1.1.3"], 3);
    test.check_outcome("www.bank.test", A, &[BANK], 1);
}

/// The server of evil.test adds these to each response: to the answers, and to the authority.
#[track_caller]
fn check_evil(what: &str, answers: &'static [&'static str], authority: &'static [&'static str]) {
    let mut test = Test::with(|to, _, response| {
        let mut response = response;
        if to == server(66) {
            response
                .answers
                .extend(answers.iter().map(|line| record("", line)));
            response
                .authority
                .extend(authority.iter().map(|line| record("", line)));
        }
        Some(response)
    });
    test.done.push(format!(
        "evil.test adds {what} of bank.test to each response"
    ));
    test.check_outcome("www.evil.test", A, &["10.6.6.6"], 3);
    test.check_outcome(
        "trick.evil.test",
        A,
        &[&format!("www.bank.test, {BANK}")],
        3,
    );
    test.check_outcome("www.bank.test", A, &[BANK], 0);
    test.check_outcome("mail.bank.test", A, &["10.1.1.3"], 1);
}

#[test]
fn answers_about_other_names_are_not_believed() {
    check_evil("an address", &["www.bank.test 300 A 10.6.6.6"], &[]);
}

#[test]
fn only_the_servers_of_the_zone_on_the_way_are_asked() {
    let mut test = Test::with(|to, query, response| {
        let mut response = response;
        if [11, 12].map(server).contains(&to) && query.question.name.is_in(&name("bank.test")) {
            response
                .authority
                .insert(0, record("test", "shop 3600 NS ns.evil.test."));
        }
        Some(response)
    });
    test.done
        .push("the referral to bank.test names a server of shop.test as well".into());
    test.check("www.bank.test", A, BANK, &["root", "test", "bank.test"]);
}

#[test]
fn servers_of_other_zones_are_not_believed() {
    check_evil("an NS record", &[], &["bank.test 3600 NS ns.evil.test."]);
}

#[test]
fn an_expired_server_address_is_asked_of_the_zone_above() {
    // The NS record of short.test lives 3,600 s, but its server's address only 60.
    let mut test = Test::new();
    test.check(
        "www.short.test",
        A,
        "10.1.4.1",
        &["root", "test", "short.test"],
    );
    test.pass(59);
    test.check("api.short.test", A, "10.1.4.2", &["short.test"]);
    test.pass(2);
    test.check_outcome("www.short.test", A, &["10.1.4.1"], 4);
}

#[test]
fn an_expired_server_address_in_another_zone_is_looked_up_there() {
    // far.test is served by brief.example, whose address lives for 60 s.
    let mut test = Test::new();
    test.add("test", "far 3600 NS brief.example.");
    test.add("example", "brief 60 A 10.0.0.27");
    test.serve("far.test", &[27], "www 30 A 10.1.8.1");
    test.check_outcome("www.far.test", A, &["10.1.8.1"], 6);
    test.pass(61);
    test.check("www.far.test", A, "10.1.8.1", &["example", "far.test"]);
}

#[test]
fn one_server_that_can_be_reached_is_enough() {
    // Of the two servers of pair.test one has an address that lives for 60 s only.
    for (first, second) in [("ns1", "ns2"), ("ns2", "ns1")] {
        let mut test = Test::new();
        test.add(
            "test",
            &format!(
                "pair 3600 NS {first}.pair.test.
                 pair 3600 NS {second}.pair.test.
                 ns1.pair 60 A 10.0.0.27
                 ns2.pair 3600 A 10.0.0.28"
            ),
        );
        let records = "ns1 60 A 10.0.0.27\nns2 3600 A 10.0.0.28\nwww 30 A 10.1.8.1";
        test.serve("pair.test", &[27, 28], records);
        let asked = ["root", "test", "pair.test"];
        test.check("www.pair.test", A, "10.1.8.1", &asked);
        test.pass(61);
        test.done
            .push("the address of ns1.pair.test has ended, not that of ns2.pair.test".into());
        let (came, log) = test.resolve("www.pair.test", A);
        assert!(
            came == "10.1.8.1" && log.iter().all(|(to, _)| [27, 28].map(server).contains(to)),
            "{}: expected were 10.1.8.1 and queries to pair.test only",
            test.what()
        );
    }
}

#[test]
fn an_address_from_the_zone_that_was_asked_is_believed() {
    // The server of guest.test is not in it, but in test, and test says where it is.
    let mut test = Test::new();
    let lines = "guest 3600 NS ns.host.test.\nns.host 3600 A 10.0.0.27";
    test.add("test", lines);
    test.serve("guest.test", &[27], "www 30 A 10.1.8.1");
    let asked = ["root", "test", "guest.test"];
    test.check("www.guest.test", A, "10.1.8.1", &asked);
}

#[test]
fn an_address_in_the_cache_serves_a_referral_without_one() {
    // The NS record of quick.test lives for 60 s, the address of its server for 3,600 s.
    let mut referrals = 0;
    let mut test = Test::with(move |to, query, response| {
        let mut response = response;
        if [11, 12].map(server).contains(&to) && query.question.name.is_in(&name("quick.test")) {
            referrals += 1;
            if referrals > 1 {
                response.additional.clear();
            }
        }
        Some(response)
    });
    test.add(
        "test",
        "quick 60 NS ns.quick.test.\nns.quick 3600 A 10.0.0.27",
    );
    test.serve("quick.test", &[27], "www 30 A 10.1.8.1");
    let asked = ["root", "test", "quick.test"];
    test.check("www.quick.test", A, "10.1.8.1", &asked);
    test.pass(61);
    test.done
        .push("from now on test refers to quick.test without an address".into());
    test.check("www.quick.test", A, "10.1.8.1", &["test", "quick.test"]);
}

#[test]
fn one_lookup_makes_at_most_100_queries() {
    let mut test = Test::with(|to, _, response| {
        (!(100..160).map(server).any(|s| s == to)).then_some(response)
    });
    for i in 100..160 {
        let lines = format!("many 3600 NS ns{i}.many.test.\nns{i}.many 3600 A 10.0.0.{i}");
        test.add("test", &lines);
    }
    test.done
        .push("test refers to 60 servers of many.test, and all of them are silent".into());
    test.check_outcome("www.many.test", A, &["ServFail"], 100);
    test.check("www.bank.test", A, BANK, &["test", "bank.test"]);
}

#[test]
fn a_server_that_only_itself_could_find_does_not_help() {
    Test::new().check_outcome("www.noglue.test", A, &["ServFail"], 10);
}

/// A zone chain.test with so many aliases in a row: a0 -> a1 -> ..., and at the end an address.
fn chain(aliases: usize) -> Test {
    let mut test = Test::new();
    let mut lines = format!(
        "a{aliases} 300 A 10.1.7.1\nx 300 CNAME y.chain.test.\ny 300 CNAME x.chain.test.\n"
    );
    for i in 0..aliases {
        lines += &format!("a{i} 300 CNAME a{}.chain.test.\n", i + 1);
    }
    test.serve("chain.test", &[24], &lines);
    test
}

#[test]
fn sixteen_aliases_are_followed_and_no_more() {
    counted::ends(|doing| {
        doing.note(|| "chains of aliases".into());
        let aliases = (1..=16)
            .map(|i| format!("a{i}.chain.test, "))
            .collect::<String>();
        chain(16).check_outcome("a0.chain.test", A, &[&format!("{aliases}10.1.7.1")], 19);
        chain(17).check_outcome("a0.chain.test", A, &["Loop"], 19);
        chain(100).check_outcome("a0.chain.test", A, &["Loop"], 19);
    });
}

#[test]
fn aliases_that_lead_to_each_other_end() {
    counted::ends(|doing| {
        doing.note(|| "x.chain.test is an alias of y.chain.test, and that of x.chain.test".into());
        let mut test = chain(1);
        test.check_outcome("x.chain.test", A, &["Loop"], 19);
        test.check_outcome("x.chain.test", A, &["Loop"], 17);
    });
}

#[test]
fn a_server_with_a_bad_name_does_not_stop_the_next() {
    // half.test has two servers: ns.one.test, which cannot be found, and ns.half.test.
    Test::new().check_outcome("www.half.test", A, &["10.1.5.1"], 30);
}

#[test]
fn random_lookups_give_what_the_zones_say() {
    seeded::cases(10, |rng| {
        let mut drops = rng.fork();
        let loss = *rng.pick(&[0.0, 0.15]);
        let mut test = Test::with(move |_, _, response| (!drops.chance(loss)).then_some(response));
        for _ in 0..15 {
            let (zone, _, records) = rng.pick(WORLD);
            let lines: Vec<&str> = records.lines().collect();
            let line = *rng.pick(&lines);
            let of_line = record(zone, line).name.0;
            let nobody = format!("nobody.{zone}");
            let text = if rng.chance(0.8) { of_line } else { nobody };
            let of = *rng.pick(&[A, A, A, Txt, Cname]);
            let expected = truth(&test.network.0.borrow().zones, &name(&text), of);
            let (outcome, _) = test.resolve(&text, of);
            assert!(
                outcome == expected || (loss > 0.0 && outcome == "ServFail"),
                "{}: expected was {expected}",
                test.what()
            );
            test.pass(*rng.pick(&[0, 10, 60, 1_000, 4_000]));
        }
    });
}

/// What a resolver that sees all zones would say.
fn truth(zones: &[Served], of_name: &Name, of: Type) -> String {
    let servers: Vec<Ipv4Addr> = zones.iter().flat_map(|zone| zone.servers.clone()).collect();
    let question = Question {
        name: of_name.clone(),
        of,
    };
    let query = Query { id: 0, question };
    let responses = servers
        .iter()
        .map(|&server| answer_of(zones, server, &query));
    let Some(response) = responses
        .into_iter()
        .find(|response| response.authoritative)
    else {
        return "ServFail".into();
    };
    match response.answers.first().map(|record| &record.data) {
        Some(Data::Cname(target)) if of != Cname => {
            let rest = truth(zones, target, of);
            let is_error = ["NxDomain", "NoData", "ServFail"].contains(&rest.as_str());
            if is_error {
                rest
            } else {
                format!("{}, {rest}", target.0)
            }
        }
        Some(Data::A(_)) => {
            let addresses = response.answers.iter().filter_map(Record::address);
            addresses
                .map(|address| address.to_string())
                .collect::<Vec<_>>()
                .join(", ")
        }
        Some(Data::Cname(target)) => target.0.clone(),
        Some(data) => format!("{data:?}"),
        None if response.code == Code::NxDomain => "NxDomain".into(),
        None => "NoData".into(),
    }
}

/// The same messages as bytes, made and read by hickory-proto, and servers on real sockets.
mod wire {
    use super::super::{Code, Data, Name, Query, Question, Record, Response, Transport, Type};
    use super::{Served, answer_of};
    use hickory_proto::op::{Message, MessageType, OpCode, Query as WireQuery, ResponseCode};
    use hickory_proto::rr::{self, RData, RecordType, rdata};
    use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread::{self, Scope};
    use std::time::Duration;

    const TYPES: [(Type, RecordType); 5] = [
        (Type::A, RecordType::A),
        (Type::Ns, RecordType::NS),
        (Type::Cname, RecordType::CNAME),
        (Type::Soa, RecordType::SOA),
        (Type::Txt, RecordType::TXT),
    ];

    fn to_name(name: &Name) -> rr::Name {
        rr::Name::from_ascii(format!("{}.", name.0)).expect("the test's names are short")
    }

    fn from_name(name: &rr::Name) -> Name {
        Name::new(&name.to_ascii())
    }

    fn to_record(record: &Record) -> rr::Record {
        let data = match &record.data {
            Data::A(address) => RData::A(rdata::A(*address)),
            Data::Ns(name) => RData::NS(rdata::NS(to_name(name))),
            Data::Cname(name) => RData::CNAME(rdata::CNAME(to_name(name))),
            Data::Soa { minimum } => {
                let name = to_name(&record.name);
                RData::SOA(rdata::SOA::new(name.clone(), name, 1, 1, 1, 1, *minimum))
            }
            Data::Txt(text) => RData::TXT(rdata::TXT::new(vec![text.clone()])),
        };
        rr::Record::from_rdata(to_name(&record.name), record.ttl, data)
    }

    fn from_record(record: &rr::Record) -> Option<Record> {
        let data = match &record.data {
            RData::A(address) => Data::A(address.0),
            RData::NS(name) => Data::Ns(from_name(&name.0)),
            RData::CNAME(name) => Data::Cname(from_name(&name.0)),
            RData::SOA(soa) => Data::Soa {
                minimum: soa.minimum,
            },
            RData::TXT(text) => Data::Txt(String::from_utf8_lossy(&text.txt_data.concat()).into()),
            _ => return None,
        };
        let (name, ttl) = (from_name(&record.name), record.ttl);
        Some(Record { name, ttl, data })
    }

    fn message(id: u16, question: &Question, kind: MessageType) -> Message {
        let mut message = Message::new(id, kind, OpCode::Query);
        let of = TYPES
            .iter()
            .find(|(of, _)| *of == question.of)
            .expect("all types are there")
            .1;
        message.add_query(WireQuery::query(to_name(&question.name), of));
        message
    }

    fn question(message: &Message) -> Option<Question> {
        let query = message.queries.first()?;
        let of = TYPES.iter().find(|(_, of)| *of == query.query_type)?.0;
        let name = from_name(&query.name);
        Some(Question { name, of })
    }

    fn encode(response: &Response) -> Vec<u8> {
        let mut message = message(response.id, &response.question, MessageType::Response);
        message.metadata.authoritative = response.authoritative;
        message.metadata.response_code = match response.code {
            Code::NoError => ResponseCode::NoError,
            Code::NxDomain => ResponseCode::NXDomain,
            Code::Failure => ResponseCode::Refused,
        };
        message.answers = response.answers.iter().map(to_record).collect();
        message.authorities = response.authority.iter().map(to_record).collect();
        message.additionals = response.additional.iter().map(to_record).collect();
        message.to_vec().expect("the message is small")
    }

    fn decode(bytes: &[u8]) -> Option<Response> {
        let message = Message::from_vec(bytes).ok()?;
        let records = |records: &[rr::Record]| records.iter().filter_map(from_record).collect();
        Some(Response {
            id: message.metadata.id,
            question: question(&message)?,
            code: match message.metadata.response_code {
                ResponseCode::NoError => Code::NoError,
                ResponseCode::NXDomain => Code::NxDomain,
                _ => Code::Failure,
            },
            authoritative: message.metadata.authoritative,
            answers: records(&message.answers),
            authority: records(&message.authorities),
            additional: records(&message.additionals),
        })
    }

    /// The servers of some zones, each on a socket of its own; and how many queries came.
    pub(super) struct Servers(Vec<(Ipv4Addr, SocketAddr)>);

    impl Servers {
        /// Starts them; they stop when `stop` is set.
        pub(super) fn start<'scope>(
            scope: &'scope Scope<'scope, '_>,
            zones: &'scope [Served],
            stop: &'scope AtomicBool,
        ) -> Servers {
            let addresses = zones.iter().flat_map(|zone| zone.servers.clone());
            let start = |address| {
                let socket = socket(Duration::from_millis(5));
                let local = socket.local_addr().expect("a bound socket has an address");
                thread::Builder::new()
                    .spawn_scoped(scope, move || serve(&socket, address, zones, stop))
                    .expect("a thread can be started");
                (address, local)
            };
            Servers(addresses.map(start).collect())
        }
    }

    fn serve(socket: &UdpSocket, address: Ipv4Addr, zones: &[Served], stop: &AtomicBool) {
        let mut datagram = [0; 512];
        while !stop.load(Ordering::Relaxed) {
            let Ok((length, from)) = socket.recv_from(&mut datagram) else {
                continue;
            };
            let message =
                Message::from_vec(&datagram[..length]).expect("hickory reads what it wrote");
            let question = question(&message).expect("the query has a question");
            let id = message.metadata.id;
            let response = answer_of(zones, address, &Query { id, question });
            socket
                .send_to(&encode(&response), from)
                .expect("the server can send");
        }
    }

    fn socket(timeout: Duration) -> UdpSocket {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("there is a free port");
        socket
            .set_read_timeout(Some(timeout))
            .expect("a socket has a timeout");
        socket
    }

    /// Queries over real sockets.
    impl Transport for &Servers {
        fn exchange(&mut self, server: Ipv4Addr, query: &Query) -> Option<Response> {
            let (_, to) = self.0.iter().find(|(address, _)| *address == server)?;
            let socket = socket(Duration::from_secs(5));
            let message = message(query.id, &query.question, MessageType::Query);
            let bytes = message.to_vec().expect("the message is small");
            socket.send_to(&bytes, to).expect("the client can send");
            let mut datagram = [0; 512];
            let (length, _) = socket.recv_from(&mut datagram).ok()?;
            decode(&datagram[..length])
        }
    }
}

#[test]
fn a_lookup_over_real_sockets() {
    let zones = WORLD
        .iter()
        .map(|(zone, servers, records)| Served::new(zone, servers, records));
    let zones: Vec<Served> = zones
        .filter(|zone| ["", "test", "bank.test"].contains(&zone.zone.as_str()))
        .collect();
    let stop = AtomicBool::new(false);
    let outcomes = thread::scope(|scope| {
        let servers = wire::Servers::start(scope, &zones, &stop);
        let mut resolver = Resolver::new(vec![server(1)], &servers, Clock::new());
        let lookups = [
            ("web.bank.test", A),
            ("note.bank.test", Txt),
            ("nobody.bank.test", A),
            ("mail.bank.test", Txt),
        ];
        let outcomes = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            lookups.map(|(text, of)| resolver.resolve(&name(text), of))
        }));
        stop.store(true, Ordering::Relaxed);
        outcomes
    });
    let outcomes = outcomes.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    let expected = [
        Ok(vec![
            record("bank.test", "web 300 CNAME www.bank.test."),
            record("bank.test", "www 300 A 10.1.1.1"),
            record("bank.test", "www 300 A 10.1.1.2"),
        ]),
        Ok(vec![record("bank.test", "note 300 TXT hello")]),
        Err(ResolveError::NxDomain),
        Err(ResolveError::NoData),
    ];
    assert_eq!(
        outcomes, expected,
        "web.bank.test A, note.bank.test TXT, nobody.bank.test A and mail.bank.test TXT over real sockets: left          are your outcomes, right the expected ones"
    );
}

#[test]
fn servers_that_need_each_other_are_not_found() {
    // one.test is served by ns.two.test, and two.test by ns.one.test.
    counted::ends(|doing| {
        doing.note(|| "one.test is served by ns.two.test, and two.test by ns.one.test".into());
        let mut test = Test::new();
        test.check_outcome("www.one.test", A, &["ServFail"], 100);
        test.check_outcome("www.one.test", A, &["ServFail"], 100);
        test.check_outcome("www.bank.test", A, &[BANK], 2);
    });
}
