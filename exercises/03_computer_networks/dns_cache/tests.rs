use super::*;
use Known::{NoData, NxDomain, Records};
use clock::Clock;
use std::net::Ipv4Addr;
use std::time::Duration;

/// A cache, its clock, and what was done with them.
struct Test {
    cache: Cache,
    clock: Clock,
    done: Vec<String>,
}

fn name(text: &str) -> Name {
    Name::new(text)
}

/// An A record of 10.0.0.`last`.
fn a(of: &str, last: u8, ttl: u32) -> Record {
    let data = Data::A(Ipv4Addr::new(10, 0, 0, last));
    let name = name(of);
    Record { name, ttl, data }
}

fn txt(of: &str, text: &str, ttl: u32) -> Record {
    let data = Data::Txt(text.into());
    let name = name(of);
    Record { name, ttl, data }
}

fn soa(ttl: u32, minimum: u32) -> Record {
    let data = Data::Soa { minimum };
    let name = name("test");
    Record { name, ttl, data }
}

/// A record in a few words.
fn words(record: &Record) -> String {
    let Record { name, ttl, data } = record;
    format!("{} {ttl} {data:?}", name.0)
}

impl Test {
    fn new() -> Self {
        let clock = Clock::new();
        Test {
            cache: Cache::new(clock.clone()),
            clock,
            done: Vec::new(),
        }
    }

    fn put(&mut self, records: &[Record]) {
        let text: Vec<String> = records.iter().map(words).collect();
        self.done.push(format!("put([{}])", text.join(", ")));
        self.cache.put(records.to_vec());
    }

    fn put_no_data(&mut self, of: &str, record_type: Type, soa: Option<Record>) {
        let text = soa.as_ref().map(words);
        self.done
            .push(format!("put_no_data({of}, {record_type:?}, {text:?})"));
        self.cache.put_no_data(&name(of), record_type, soa.as_ref());
    }

    fn put_nx_domain(&mut self, of: &str, soa: Option<Record>) {
        let text = soa.as_ref().map(words);
        self.done.push(format!("put_nx_domain({of}, {text:?})"));
        self.cache.put_nx_domain(&name(of), soa.as_ref());
    }

    fn pass(&mut self, milliseconds: u64) {
        let time = Duration::from_millis(milliseconds);
        self.done.push(format!("{time:?} pass"));
        self.clock.advance(time);
    }

    #[track_caller]
    fn assert_known(&self, of: &str, record_type: Type, expected: Option<Known>) {
        let known = self.cache.get(&name(of), record_type);
        assert_eq!(
            known,
            expected,
            "{}: left is your get({of}, {record_type:?}), right the expected one",
            self.done.join(", ")
        );
    }
}

#[test]
fn what_was_put_is_found() {
    let mut test = Test::new();
    test.put(&[a("a.test", 1, 300), a("a.test", 2, 300)]);
    test.put(&[txt("a.test", "hello", 300)]);
    test.assert_known(
        "a.test",
        Type::A,
        Some(Records(vec![a("a.test", 1, 300), a("a.test", 2, 300)])),
    );
    test.assert_known(
        "a.test",
        Type::Txt,
        Some(Records(vec![txt("a.test", "hello", 300)])),
    );
    test.assert_known(
        "A.TEST.",
        Type::A,
        Some(Records(vec![a("a.test", 1, 300), a("a.test", 2, 300)])),
    );
}

#[test]
fn what_was_not_put_is_not_known() {
    let mut test = Test::new();
    test.put(&[a("a.test", 1, 300)]);
    test.assert_known("a.test", Type::Txt, None);
    test.assert_known("b.test", Type::A, None);
    test.assert_known("www.a.test", Type::A, None);
}

#[test]
fn records_come_with_the_seconds_that_are_left() {
    let mut test = Test::new();
    test.put(&[a("a.test", 1, 300)]);
    for (pass, left) in [
        (10_000, 290),
        (500, 289),
        (499, 289),
        (1, 289),
        (1, 288),
        (288_000, 0),
    ] {
        test.pass(pass);
        test.assert_known("a.test", Type::A, Some(Records(vec![a("a.test", 1, left)])));
    }
}

#[test]
fn a_set_is_gone_when_its_ttl_has_passed() {
    let mut test = Test::new();
    test.put(&[a("a.test", 1, 300)]);
    test.pass(200_000);
    test.put(&[txt("a.test", "hello", 300)]);
    test.pass(100_001);
    test.assert_known("a.test", Type::A, None);
    test.assert_known(
        "a.test",
        Type::Txt,
        Some(Records(vec![txt("a.test", "hello", 199)])),
    );
    test.pass(100_000_000);
    test.assert_known("a.test", Type::A, None);
    test.assert_known("a.test", Type::Txt, None);
}

#[test]
fn a_set_is_there_until_the_moment_of_its_end() {
    let mut test = Test::new();
    test.put(&[a("a.test", 1, 300)]);
    test.pass(299_999);
    test.assert_known("a.test", Type::A, Some(Records(vec![a("a.test", 1, 0)])));
    test.pass(1);
    test.assert_known("a.test", Type::A, None);
}

#[test]
fn the_smallest_ttl_counts_for_the_whole_set() {
    let mut test = Test::new();
    test.put(&[a("a.test", 1, 300), a("a.test", 2, 60), a("a.test", 3, 900)]);
    let set = |ttl| {
        Some(Records(
            (1..=3).map(|last| a("a.test", last, ttl)).collect(),
        ))
    };
    test.assert_known("a.test", Type::A, set(60));
    test.pass(20_000);
    test.assert_known("a.test", Type::A, set(40));
    test.pass(40_000);
    test.assert_known("a.test", Type::A, None);
}

#[test]
fn a_new_set_replaces_the_old_one() {
    let mut test = Test::new();
    test.put(&[a("a.test", 1, 300), a("a.test", 2, 300)]);
    test.put(&[a("a.test", 3, 60)]);
    test.assert_known("a.test", Type::A, Some(Records(vec![a("a.test", 3, 60)])));
    test.pass(60_000);
    test.assert_known("a.test", Type::A, None);
}

#[test]
fn a_ttl_of_0_is_not_kept() {
    let mut test = Test::new();
    test.put(&[a("a.test", 1, 0)]);
    test.assert_known("a.test", Type::A, None);
    test.put(&[a("b.test", 1, 300), a("b.test", 2, 0)]);
    test.assert_known("b.test", Type::A, None);
    test.put_nx_domain("c.test", Some(soa(0, 300)));
    test.assert_known("c.test", Type::A, None);
    test.put_no_data("c.test", Type::A, Some(soa(300, 0)));
    test.assert_known("c.test", Type::A, None);
}

#[test]
fn a_ttl_with_the_highest_bit_set_is_taken_as_0() {
    let mut test = Test::new();
    test.put(&[a("a.test", 1, 1 << 31)]);
    test.assert_known("a.test", Type::A, None);
    test.put(&[a("a.test", 1, u32::MAX)]);
    test.assert_known("a.test", Type::A, None);
    test.put(&[a("a.test", 1, (1 << 31) - 1)]);
    test.assert_known(
        "a.test",
        Type::A,
        Some(Records(vec![a("a.test", 1, (1 << 31) - 1)])),
    );
    test.put_nx_domain("b.test", Some(soa(1 << 31, 300)));
    test.assert_known("b.test", Type::A, None);
    test.put_no_data("b.test", Type::A, Some(soa(300, u32::MAX)));
    test.assert_known("b.test", Type::A, None);
}

#[test]
fn one_such_ttl_counts_for_the_whole_set() {
    let mut test = Test::new();
    test.put(&[a("a.test", 1, 300), a("a.test", 2, 1 << 31)]);
    test.assert_known("a.test", Type::A, None);
    test.put(&[a("b.test", 1, u32::MAX), a("b.test", 2, 300)]);
    test.assert_known("b.test", Type::A, None);
}

#[test]
fn what_is_not_kept_ends_what_it_replaces() {
    let mut test = Test::new();
    test.put(&[a("a.test", 1, 300)]);
    test.put(&[a("a.test", 2, 0)]);
    test.assert_known("a.test", Type::A, None);
    test.put(&[a("b.test", 1, 300)]);
    test.put_no_data("b.test", Type::A, None);
    test.assert_known("b.test", Type::A, None);
    test.put(&[a("c.test", 1, 300)]);
    test.put(&[txt("c.test", "hello", 300)]);
    test.put_no_data("c.test", Type::A, Some(soa(300, 0)));
    test.assert_known("c.test", Type::A, None);
    test.assert_known(
        "c.test",
        Type::Txt,
        Some(Records(vec![txt("c.test", "hello", 300)])),
    );
    test.put_nx_domain("c.test", None);
    test.assert_known("c.test", Type::Txt, None);
    test.put_nx_domain("d.test", Some(soa(300, 300)));
    test.put(&[a("d.test", 1, 0)]);
    test.assert_known("d.test", Type::A, None);
    test.assert_known("d.test", Type::Txt, None);
}

#[test]
fn no_data_counts_for_one_type_of_the_name() {
    let mut test = Test::new();
    test.put(&[a("a.test", 1, 300)]);
    test.put_no_data("a.test", Type::Txt, Some(soa(300, 300)));
    test.assert_known("a.test", Type::Txt, Some(NoData));
    test.assert_known("a.test", Type::A, Some(Records(vec![a("a.test", 1, 300)])));
    test.assert_known("a.test", Type::Soa, None);
}

#[test]
fn nx_domain_counts_for_all_types_of_the_name() {
    let mut test = Test::new();
    test.put_nx_domain("a.test", Some(soa(300, 300)));
    for record_type in [Type::A, Type::Txt, Type::Soa] {
        test.assert_known("a.test", record_type, Some(NxDomain));
    }
    test.assert_known("b.test", Type::A, None);
}

#[test]
fn a_negative_answer_ends_with_the_minimum_of_the_soa() {
    let mut test = Test::new();
    test.put_nx_domain("a.test", Some(soa(300, 60)));
    test.put_no_data("b.test", Type::A, Some(soa(300, 60)));
    test.pass(59_999);
    test.assert_known("a.test", Type::A, Some(NxDomain));
    test.assert_known("b.test", Type::A, Some(NoData));
    test.pass(1);
    test.assert_known("a.test", Type::A, None);
    test.assert_known("b.test", Type::A, None);
}

#[test]
fn a_negative_answer_ends_with_the_ttl_of_the_soa() {
    let mut test = Test::new();
    test.put_nx_domain("a.test", Some(soa(60, 300)));
    test.put_no_data("b.test", Type::A, Some(soa(60, 300)));
    test.pass(59_999);
    test.assert_known("a.test", Type::A, Some(NxDomain));
    test.assert_known("b.test", Type::A, Some(NoData));
    test.pass(1);
    test.assert_known("a.test", Type::A, None);
    test.assert_known("b.test", Type::A, None);
}

#[test]
fn a_negative_answer_without_soa_is_not_kept() {
    let mut test = Test::new();
    test.put_nx_domain("a.test", None);
    test.assert_known("a.test", Type::A, None);
    test.put_no_data("a.test", Type::A, None);
    test.assert_known("a.test", Type::A, None);
    // Another record in the place of the SOA does not say for how long either.
    test.put_no_data("a.test", Type::A, Some(txt("test", "hello", 300)));
    test.assert_known("a.test", Type::A, None);
}

#[test]
fn nx_domain_ends_all_that_was_known_of_the_name() {
    let mut test = Test::new();
    test.put(&[a("a.test", 1, 300)]);
    test.put_no_data("a.test", Type::Txt, Some(soa(300, 300)));
    test.put_nx_domain("a.test", Some(soa(60, 60)));
    test.assert_known("a.test", Type::A, Some(NxDomain));
    test.assert_known("a.test", Type::Txt, Some(NxDomain));
    // And it does not come back.
    test.pass(60_000);
    test.assert_known("a.test", Type::A, None);
    test.assert_known("a.test", Type::Txt, None);
}

#[test]
fn a_name_with_records_exists_again() {
    let mut test = Test::new();
    test.put_nx_domain("a.test", Some(soa(300, 300)));
    test.put(&[a("a.test", 1, 60)]);
    test.assert_known("a.test", Type::A, Some(Records(vec![a("a.test", 1, 60)])));
    test.assert_known("a.test", Type::Txt, None);
    test.put_nx_domain("b.test", Some(soa(300, 300)));
    test.put_no_data("b.test", Type::A, Some(soa(300, 300)));
    test.assert_known("b.test", Type::A, Some(NoData));
    test.assert_known("b.test", Type::Txt, None);
}

#[test]
fn no_data_and_records_replace_each_other() {
    let mut test = Test::new();
    test.put(&[a("a.test", 1, 300)]);
    test.put_no_data("a.test", Type::A, Some(soa(60, 60)));
    test.assert_known("a.test", Type::A, Some(NoData));
    test.put(&[a("a.test", 2, 300)]);
    test.assert_known("a.test", Type::A, Some(Records(vec![a("a.test", 2, 300)])));
}

/// Something that was put: for which type, or for all, and when it ends.
struct Put {
    name: &'static str,
    of: Option<Type>,
    known: Known,
    end: Duration,
}

/// What is known, by looking through all that was put, the newest first.
fn model(puts: &[Put], now: Duration, name: &str, record_type: Type) -> Option<Known> {
    let of_name: Vec<&Put> = puts.iter().filter(|put| put.name == name).collect();
    // What was put before the last NXDOMAIN does not count, nor that itself when something came after it.
    let last = of_name.iter().rposition(|put| put.of.is_none());
    let counts = match last {
        Some(last) if last + 1 == of_name.len() => &of_name[last..],
        Some(last) => &of_name[last + 1..],
        None => &of_name,
    };
    let is_asked = |put: &&&Put| put.of.is_none_or(|of| of == record_type);
    let put = counts.iter().rev().find(is_asked)?;
    let left = put.end.checked_sub(now).filter(|left| !left.is_zero())?;
    let mut known = put.known.clone();
    if let Records(records) = &mut known {
        records
            .iter_mut()
            .for_each(|record| record.ttl = left.as_secs() as u32);
    }
    Some(known)
}

#[test]
fn random_operations_agree_with_a_list_of_all_that_was_put() {
    const NAMES: [&str; 3] = ["a.test", "b.test", "www.a.test"];
    seeded::cases(500, |rng| {
        let mut test = Test::new();
        let mut puts = Vec::new();
        for _ in 0..rng.size() {
            let name = *rng.pick(&NAMES);
            // What may not be kept has a TTL of 0 in the list: it ends at once.
            let ttls = [rng.range(0..=20), rng.range(0..=20)];
            let mut ttl = ttls[0].min(ttls[1]);
            let kind = rng.weighted(&[3, 3, 2, 1, 6]);
            let soa = (kind < 2 || rng.chance(0.8)).then(|| soa(ttls[0], ttls[1]));
            if soa.is_none() {
                ttl = 0;
            }
            let end = test.clock.now() + Duration::from_secs(u64::from(ttl));
            let (of, known) = match kind {
                0 => {
                    let set = vec![a(name, 1, ttls[0]), a(name, rng.range(2..=9), ttls[1])];
                    test.put(&set);
                    (Some(Type::A), Records(set))
                }
                1 => {
                    let set = vec![
                        txt(name, "hello", ttls[0]),
                        txt(name, &rng.word(3), ttls[1]),
                    ];
                    test.put(&set);
                    (Some(Type::Txt), Records(set))
                }
                2 => {
                    let record_type = *rng.pick(&[Type::A, Type::Txt]);
                    test.put_no_data(name, record_type, soa);
                    (Some(record_type), NoData)
                }
                3 => {
                    test.put_nx_domain(name, soa);
                    (None, NxDomain)
                }
                _ => {
                    test.pass(rng.range(0..=8_000));
                    for name in NAMES {
                        for record_type in [Type::A, Type::Txt] {
                            let known = model(&puts, test.clock.now(), name, record_type);
                            test.assert_known(name, record_type, known);
                        }
                    }
                    continue;
                }
            };
            puts.push(Put {
                name,
                of,
                known,
                end,
            });
        }
    });
}
