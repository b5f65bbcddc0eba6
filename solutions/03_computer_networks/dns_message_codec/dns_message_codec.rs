//! # DNS messages
//!
//! Every request that your service makes to another one starts with a DNS message: a binary
//! format with a fixed header, counts, and records whose data depends on their type. You will
//! read it in packet captures, and write it when a resolver or a service registry is yours.
//!
//! Write `decode` and `encode` for the format of RFC 1035, section 4.1 (AAAA: RFC 3596). Names
//! and their compression are given; they are the last exercise.
//!
//! ```text
//! header   | ID | flags | questions | answers | authorities | additionals |   u16 each
//! flags    | response 1 | opcode 4 | authoritative 1 | truncated 1 | recursion desired 1 |
//!          | recursion available 1 | zero 3 | rcode 4 |          bits, the highest first
//! question | name | type u16 | class u16 |
//! record   | name | type u16 | class u16 | TTL u32 | length of the data u16 | data |
//! data     A(1): 4 octets. NS(2), CNAME(5): a name. MX(15): preference u16, a name.
//!          SOA(6): two names and five u32. TXT(16): strings, each behind its length in one octet.
//!          AAAA(28): 16 octets. Any other type: whatever octets there are.
//! ```
//!
//! 1. `decode` gives back what the packet says, whatever the three zero bits are, and whatever
//!    stands behind the last record. What a TTL means is not its business: it has 32 bits.
//! 2. Data has exactly the length that the record says: if a name or a string ends elsewhere, or
//!    an address has other than 4 or 16 octets, the message is `Malformed`.
//! 3. A packet that ends before all that its header counts was read is `Malformed`. The counts
//!    are only claims: they must not decide how much memory is taken. Nothing panics.
//! 4. `encode` writes the message with one `NameWriter`, so all names but those in data of other
//!    types are compressed. `decode` gives the same message back, also a TXT without a string.
//! 5. The header and the questions are always written. Then come the records, until one does not fit
//!    into `limit` octets: this one and all behind it are left out, and not counted.
//! 6. The bit `truncated` is set if the message had it, or if an answer or an authority was left out.
//!    Additional records are a courtesy: leaving them out needs no bit (RFC 2181, section 9).
//!
//! An example: the question for `a.b`, type A, class IN, with the ID 7 and nothing else is 21 octets:
//! `0 7 0 0 0 1 0 0 0 0 0 0`, then `1 a 1 b 0`, then `0 1 0 1`.
//!
//! How it is judged: single messages; the reply of a name server at every limit; damaged lengths
//! and counts, with the memory measured; 3,000 messages with random damage; and 300 random
//! messages in both directions against the crate hickory-proto, with the length that a model in
//! the tests expects.

use std::collections::HashMap;
use std::net::{Ipv4Addr, Ipv6Addr};

/// A DNS message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    pub header: Header,
    pub questions: Vec<Question>,
    pub answers: Vec<Record>,
    pub authorities: Vec<Record>,
    pub additionals: Vec<Record>,
}

/// The header, without the counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Header {
    pub id: u16,
    pub response: bool,
    /// 0 to 15.
    pub opcode: u8,
    pub authoritative: bool,
    pub truncated: bool,
    pub recursion_desired: bool,
    pub recursion_available: bool,
    /// 0 to 15.
    pub rcode: u8,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub name: Name,
    pub rtype: u16,
    pub class: u16,
}

/// A resource record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub name: Name,
    pub class: u16,
    pub ttl: u32,
    pub data: Data,
}

/// The data of a record; its variant is the record's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    A(Ipv4Addr),
    Ns(Name),
    Cname(Name),
    Soa(Soa),
    Mx {
        preference: u16,
        exchange: Name,
    },
    /// Strings of at most 255 octets each, perhaps none.
    Txt(Vec<Vec<u8>>),
    Aaaa(Ipv6Addr),
    Other {
        rtype: u16,
        octets: Vec<u8>,
    },
}

/// Who is responsible for a zone, and how long it may be kept. The fields stand in this order on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Soa {
    pub mname: Name,
    pub rname: Name,
    pub serial: u32,
    pub refresh: u32,
    pub retry: u32,
    pub expire: u32,
    pub minimum: u32,
}

const A: u16 = 1;
const NS: u16 = 2;
const CNAME: u16 = 5;
const SOA: u16 = 6;
const MX: u16 = 15;
const TXT: u16 = 16;
const AAAA: u16 = 28;

fn read_flags(id: u16, flags: u16) -> Header {
    let bit = |n: u32| flags >> n & 1 == 1;
    Header {
        id,
        response: bit(15),
        opcode: (flags >> 11) as u8 & 0xf,
        authoritative: bit(10),
        truncated: bit(9),
        recursion_desired: bit(8),
        recursion_available: bit(7),
        rcode: flags as u8 & 0xf,
    }
}

fn read_record(reader: &mut Reader) -> Result<Record, Malformed> {
    let name = reader.name()?;
    let rtype = reader.u16()?;
    let class = reader.u16()?;
    let ttl = reader.u32()?;
    let length = usize::from(reader.u16()?);
    let end = reader.at + length;
    let data = match rtype {
        A => Data::A(Ipv4Addr::from(reader.array::<4>()?)),
        NS => Data::Ns(reader.name()?),
        CNAME => Data::Cname(reader.name()?),
        SOA => Data::Soa(Soa {
            mname: reader.name()?,
            rname: reader.name()?,
            serial: reader.u32()?,
            refresh: reader.u32()?,
            retry: reader.u32()?,
            expire: reader.u32()?,
            minimum: reader.u32()?,
        }),
        MX => Data::Mx {
            preference: reader.u16()?,
            exchange: reader.name()?,
        },
        TXT => {
            let mut strings = Vec::new();
            while reader.at < end {
                let [length] = reader.array()?;
                strings.push(reader.take(usize::from(length))?.to_vec());
            }
            Data::Txt(strings)
        }
        AAAA => Data::Aaaa(Ipv6Addr::from(reader.array::<16>()?)),
        _ => Data::Other {
            rtype,
            octets: reader.take(length)?.to_vec(),
        },
    };
    if reader.at != end {
        return Err(Malformed("the data has another length"));
    }
    Ok(Record {
        name,
        class,
        ttl,
        data,
    })
}

/// Reads a message.
pub fn decode(packet: &[u8]) -> Result<Message, Malformed> {
    let mut reader = Reader { packet, at: 0 };
    let id = reader.u16()?;
    let header = read_flags(id, reader.u16()?);
    let mut counts = [0; 4];
    for count in &mut counts {
        *count = reader.u16()?;
    }
    let [questions, answers, authorities, additionals] = counts;
    let mut message = Message {
        header,
        ..Message::default()
    };
    for _ in 0..questions {
        message.questions.push(Question {
            name: reader.name()?,
            rtype: reader.u16()?,
            class: reader.u16()?,
        });
    }
    for (count, records) in [
        (answers, &mut message.answers),
        (authorities, &mut message.authorities),
        (additionals, &mut message.additionals),
    ] {
        for _ in 0..count {
            records.push(read_record(&mut reader)?);
        }
    }
    Ok(message)
}

fn flags(header: &Header) -> u16 {
    u16::from(header.response) << 15
        | u16::from(header.opcode & 0xf) << 11
        | u16::from(header.authoritative) << 10
        | u16::from(header.truncated) << 9
        | u16::from(header.recursion_desired) << 8
        | u16::from(header.recursion_available) << 7
        | u16::from(header.rcode & 0xf)
}

/// Appends a record to the message.
fn write_record(record: &Record, names: &mut NameWriter, out: &mut Vec<u8>) {
    let rtype = match &record.data {
        Data::A(_) => A,
        Data::Ns(_) => NS,
        Data::Cname(_) => CNAME,
        Data::Soa(_) => SOA,
        Data::Mx { .. } => MX,
        Data::Txt(_) => TXT,
        Data::Aaaa(_) => AAAA,
        Data::Other { rtype, .. } => *rtype,
    };
    names.write(&record.name, out);
    out.extend(rtype.to_be_bytes());
    out.extend(record.class.to_be_bytes());
    out.extend(record.ttl.to_be_bytes());
    out.extend([0, 0]);
    let start = out.len();
    match &record.data {
        Data::A(address) => out.extend(address.octets()),
        Data::Ns(name) | Data::Cname(name) => names.write(name, out),
        Data::Soa(soa) => {
            names.write(&soa.mname, out);
            names.write(&soa.rname, out);
            for word in [soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum] {
                out.extend(word.to_be_bytes());
            }
        }
        Data::Mx {
            preference,
            exchange,
        } => {
            out.extend(preference.to_be_bytes());
            names.write(exchange, out);
        }
        Data::Txt(strings) => {
            for string in strings {
                out.push(string.len() as u8);
                out.extend(string);
            }
        }
        Data::Aaaa(address) => out.extend(address.octets()),
        Data::Other { octets, .. } => out.extend(octets),
    }
    let length = (out.len() - start) as u16;
    out[start - 2..start].copy_from_slice(&length.to_be_bytes());
}

/// Writes a message of at most `limit` octets, or of its header and questions if these are more.
pub fn encode(message: &Message, limit: usize) -> Vec<u8> {
    let mut out = vec![0; 12];
    let mut names = NameWriter::default();
    for question in &message.questions {
        names.write(&question.name, &mut out);
        out.extend(question.rtype.to_be_bytes());
        out.extend(question.class.to_be_bytes());
    }
    let sections = [&message.answers, &message.authorities, &message.additionals];
    let mut counts = [0_u16; 3];
    'sections: for (section, count) in sections.iter().zip(&mut counts) {
        for record in *section {
            let before = out.len();
            write_record(record, &mut names, &mut out);
            if out.len() > limit {
                out.truncate(before);
                break 'sections;
            }
            *count += 1;
        }
    }
    let mut header = message.header;
    header.truncated |= usize::from(counts[0]) < message.answers.len()
        || usize::from(counts[1]) < message.authorities.len();
    let [answers, authorities, additionals] = counts;
    let words = [
        header.id,
        flags(&header),
        message.questions.len() as u16,
        answers,
        authorities,
        additionals,
    ];
    for (place, word) in out.chunks_mut(2).zip(words) {
        place.copy_from_slice(&word.to_be_bytes());
    }
    out
}

/// Given: a position in a packet. Each method reads something there and moves behind it.
struct Reader<'a> {
    packet: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, octets: usize) -> Result<&'a [u8], Malformed> {
        let taken = self.packet.get(self.at..self.at + octets);
        let taken = taken.ok_or(CUT_OFF)?;
        self.at += octets;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        self.take(N)?.try_into().map_err(|_| CUT_OFF)
    }

    fn u16(&mut self) -> Result<u16, Malformed> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    fn u32(&mut self) -> Result<u32, Malformed> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    /// A name, which may point back to anywhere in the packet.
    fn name(&mut self) -> Result<Name, Malformed> {
        read_name(self.packet, &mut self.at)
    }
}

/// Octets that are no message. The text says why, in your words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed(pub &'static str);

const CUT_OFF: Malformed = Malformed("the packet ends too early");

/// Given, as in the last exercise: a domain name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    labels: Vec<Vec<u8>>,
}

impl Name {
    /// The name of these labels, from left to right. The root has none.
    pub fn from_labels(labels: Vec<Vec<u8>>) -> Result<Self, Malformed> {
        let octets: usize = labels.iter().map(|label| 1 + label.len()).sum();
        if octets + 1 > 255 || labels.iter().any(|l| l.is_empty() || l.len() > 63) {
            return Err(Malformed("a label or a name is too long"));
        }
        Ok(Self { labels })
    }

    /// The labels, from left to right.
    pub fn labels(&self) -> &[Vec<u8>] {
        &self.labels
    }
}

/// Given, as in the last exercise: reads the name at `*at` and moves `*at` behind it.
fn read_name(packet: &[u8], at: &mut usize) -> Result<Name, Malformed> {
    let mut labels = Vec::new();
    let mut octets = 1;
    let (mut here, mut start) = (*at, *at);
    let mut behind = None;
    let octet = |at: usize| packet.get(at).map(|o| usize::from(*o)).ok_or(CUT_OFF);
    loop {
        let len = octet(here)?;
        here += 1;
        match len >> 6 {
            0b00 if len == 0 => break,
            0b00 => {
                octets += 1 + len;
                let label = packet.get(here..here + len).ok_or(CUT_OFF)?;
                labels.push(label.to_vec());
                here += len;
            }
            0b11 => {
                let target = (len & 0x3f) * 256 + octet(here)?;
                behind.get_or_insert(here + 1);
                if target >= start || octets > 255 {
                    return Err(Malformed("a pointer leads back"));
                }
                (here, start) = (target, target);
            }
            _ => return Err(Malformed("no such type of label")),
        }
    }
    *at = behind.unwrap_or(here);
    Name::from_labels(labels)
}

/// Given, as in the last exercise: writes the names of one message, each ending only once.
#[derive(Default)]
struct NameWriter {
    seen: HashMap<Vec<Vec<u8>>, u16>,
}

impl NameWriter {
    /// Appends a name to the message, which holds everything from offset 0 on.
    fn write(&mut self, name: &Name, message: &mut Vec<u8>) {
        let mut ending: Vec<Vec<u8>> = name.labels.iter().map(|l| l.to_ascii_lowercase()).collect();
        for label in &name.labels {
            if let Some(offset) = self.seen.get(&ending) {
                message.extend((0xc000 + offset).to_be_bytes());
                return;
            }
            if message.len() <= 0x3fff {
                self.seen.insert(ending.clone(), message.len() as u16);
            }
            message.push(label.len() as u8);
            message.extend(label);
            ending.remove(0);
        }
        message.push(0);
    }
}

#[cfg(test)]
mod tests;
