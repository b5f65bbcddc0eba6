//! What a cage tells over the link.

use super::Exit;

/// One report. In this order: `NoScratch`, or else `Started`, then `NoProgram`, or else `Exited` if the program ends by itself, and then
/// `Clear`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Report {
    /// The scratch folder could not be made: this `errno`. Nothing follows.
    NoScratch(i32),
    /// The program could not be started: this `errno`. Nothing follows. (`Started` comes before it if it failed late.)
    NoProgram(i32),
    /// The program is about to run as this process, the leader of a group of its own.
    Started(i32),
    /// The program ended by itself.
    Exited(Exit),
    /// Nothing is left. So many processes had to be killed after the program's own end.
    Clear(i32),
}

/// Bytes of an encoded report.
pub(super) const SIZE: usize = 5;

impl Report {
    /// As it goes over the link.
    pub(super) fn encode(self) -> [u8; SIZE] {
        let (tag, value) = match self {
            Self::NoScratch(errno) => (b'S', errno),
            Self::NoProgram(errno) => (b'P', errno),
            Self::Started(pid) => (b'R', pid),
            Self::Exited(Exit::Code(code)) => (b'C', code),
            Self::Exited(Exit::Signal(signal)) => (b'K', signal),
            Self::Clear(left) => (b'E', left),
        };
        let [a, b, c, d] = value.to_le_bytes();
        [tag, a, b, c, d]
    }

    /// Reads one back; `None` when it is none.
    pub(super) fn decode([tag, a, b, c, d]: [u8; SIZE]) -> Option<Self> {
        let value = i32::from_le_bytes([a, b, c, d]);
        Some(match tag {
            b'S' => Self::NoScratch(value),
            b'P' => Self::NoProgram(value),
            b'R' => Self::Started(value),
            b'C' => Self::Exited(Exit::Code(value)),
            b'K' => Self::Exited(Exit::Signal(value)),
            b'E' => Self::Clear(value),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_report_comes_back() {
        let reports = [
            Report::NoScratch(28),
            Report::NoProgram(2),
            Report::Started(i32::MAX),
            Report::Exited(Exit::Code(-1)),
            Report::Exited(Exit::Signal(9)),
            Report::Clear(0x0102_0304),
        ];
        for report in reports {
            assert_eq!(Report::decode(report.encode()), Some(report));
        }
        assert_eq!(Report::decode([0; SIZE]), None);
    }
}
