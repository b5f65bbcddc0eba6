//! `backlings update`

use super::context::Context;
use super::out;
use crate::cli::Global;
use crate::exit::Exit;
use crate::ui::style::{Style, Tone};
use crate::ui::text::count;

pub(crate) fn run(global: &Global, dry_run: bool) -> anyhow::Result<Exit> {
    let mut context = Context::open(global)?;
    let plan = context.workspace.plan_update(&context.track)?;
    let style = Style::stdout();
    let mut lines: Vec<String> = plan
        .changes
        .iter()
        .map(|change| format!("  {change}"))
        .collect();
    let changes = count(lines.len(), "change");
    if lines.is_empty() {
        lines.push("The workspace is up to date.".into());
    } else if dry_run {
        lines.insert(0, "This would be done:".into());
        lines.push(style.paint(
            Tone::Dim,
            format!("{changes}; `backlings update` does it, and loses nothing of yours"),
        ));
    }
    if !dry_run {
        context
            .workspace
            .update(&context.track, &plan, &mut context.store)?;
        if !plan.changes.is_empty() {
            lines.insert(0, "Done:".into());
        }
    }
    out::lines(lines)?;
    Ok(Exit::Passed)
}
