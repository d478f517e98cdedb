//! `magegap snapshot`: all facts of one store in a file, for a host that cannot see it.

use crate::cli::{CommonArgs, SnapshotArgs};
use crate::commands::{World, audit, printed};
use crate::error::Error;
use crate::facts::file;
use crate::facts::store::{MediaSource, Store, Wanted};
use crate::facts::take::take;
use crate::known::{Known, Lack};
use crate::progress::Progress;
use crate::settings::Settings;
use crate::source::interrupt;
use crate::text;

pub(super) fn run(args: &SnapshotArgs, world: &mut World<'_>) -> Result<u8, Error> {
    let mut warnings = Vec::new();
    let SnapshotArgs { side, sides, out, scan } = args;
    let common = CommonArgs { scan: scan.clone(), ..CommonArgs::default() };
    let settings = Settings::of_snapshot(*side, sides, &common, world.now, &mut |it| warnings.push(it))?;
    for warning in warnings {
        world.warn(&warning);
    }
    audit::refuse_audited(&settings, "--out", out)?;
    audit::refuse_cache(&settings, out)?;
    if crate::source::is_anything(out) && !file::is_snapshot(out) {
        return Err(Error::usage(format!(
            "--out {} is there already, and is no snapshot: name another file",
            out.display()
        )));
    }
    let progress = if scan.quiet { Progress::hidden() } else { Progress::on_terminal() };
    let wanted = Wanted { database: true, media: true };
    let mut store = Store::open(*side, settings.sides.of(*side), wanted, &progress)?;
    if let Known::Is(MediaSource::Folder(media)) = &store.media
        && crate::source::resolved(out).starts_with(crate::source::resolved(media))
    {
        return Err(Error::usage(format!(
            "--out {} lies in {}, which is read: name a place outside of it",
            out.display(),
            media.display()
        )));
    }
    let taken = take(&mut store, &settings.media, settings.now, out, &progress);
    // Whatever an interrupted reader says, Ctrl-C is the reason.
    let taken = if interrupt::is_asked() { Err(Error::Interrupted) } else { taken }?;
    let has_failed = taken.trouble.is_some()
        || taken.not_read.iter().any(|(_, lack)| lack.is_failure() || lack.is_not_whole())
        || !taken.not_whole.is_empty();
    if has_failed && scan.quiet && taken.trouble.is_none() {
        world.warn("not all that was given is in the snapshot: run without -q to see what is not");
    }
    if let Some(trouble) = &taken.trouble {
        world.warn(trouble);
    }
    if !scan.quiet {
        let mut lines = vec![format!(
            "Snapshot of {side} in {}: {} of media.",
            out.display(),
            text::count(taken.files, "file", "files")
        )];
        lines.extend(by_cause(&taken.not_read).map(|(what, why)| format!("Not in it: {what}, since {why}")));
        lines.extend(by_cause(&taken.not_whole).map(|(what, why)| format!("Not whole in it: {what}, since {why}")));
        for line in lines {
            printed(writeln!(world.out, "{}", text::visible(&line)))?;
        }
    }
    Ok(if has_failed { 2 } else { 0 })
}

/// What the same keeps out, told together, with why.
fn by_cause(lacks: &[(String, Lack)]) -> impl Iterator<Item = (String, &str)> {
    let mut causes: Vec<(Vec<&str>, &str)> = Vec::new();
    for (what, lack) in lacks {
        match causes.iter_mut().find(|(_, why)| *why == lack.why()) {
            Some((things, _)) => things.push(what),
            None => causes.push((vec![what], lack.why())),
        }
    }
    causes.into_iter().map(|(things, why)| (things.join(", "), why))
}
