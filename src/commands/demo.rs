//! `magegap demo`: an audit of two small stores that are built in.

use crate::cli::{DemoArgs, SidesArgs};
use crate::commands::World;
use crate::commands::audit::{self, Voice};
use crate::error::Error;
use crate::progress::Progress;
use crate::settings::Settings;
use crate::source::demo::Demo;

pub(super) fn run(args: &DemoArgs, world: &mut World<'_>) -> Result<u8, Error> {
    let demo = Demo::unpack().map_err(|source| Error::Write { path: "the demo stores".into(), source })?;
    let sides = SidesArgs {
        m1: Some(demo.path("m1-root")),
        m1_db: vec![demo.path("m1.sql").display().to_string()],
        m1_media: Some(demo.path("m1-media")),
        m2: Some(demo.path("m2-root")),
        m2_db: vec![demo.path("m2.sql").display().to_string()],
        m2_media: Some(demo.path("m2-media")),
        ..SidesArgs::default()
    };
    let mut settings = Settings::of_demo(&sides, &demo.path("migration"), &args.common, world.now)?;
    // The stores lie in a folder of a moment; the report names what they are.
    settings.sides.m1.label = Some("built-in demo store".to_owned());
    settings.sides.m2.label = Some("built-in demo store".to_owned());
    // What lies there for a moment is not worth remembering.
    settings.media.cache = None;
    settings.report.client.get_or_insert_with(|| "Teehaus Lindenblatt (a fictional shop)".to_owned());
    let voice = Voice { is_quiet: args.common.scan.quiet, is_verbose: args.common.verbose };
    let progress = if voice.is_quiet { Progress::hidden() } else { Progress::on_terminal() };
    let status = audit::audit(&settings, &args.out, voice, &progress, world)?;
    // A demo that shows findings has done what it should; who names a limit wants its answer.
    Ok(if status == 1 && args.common.fail_on.is_none() { 0 } else { status })
}
