//! `backlings man`

use crate::exit::Exit;

/// Prints the manual page, for `backlings man | man -l -`.
pub(crate) fn run(command: clap::Command) -> anyhow::Result<Exit> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    super::out::text(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Passed)
}
