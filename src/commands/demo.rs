//! `magegap demo`: an audit of two small stores that are built in.

use crate::cli::{DemoArgs, FailOn, SidesArgs};
use crate::commands::audit::{self, Voice};
use crate::commands::World;
use crate::error::Error;
use crate::progress::Progress;
use crate::settings::Settings;
use crate::source::demo::Demo;

pub(super) fn run(args: &DemoArgs, world: &mut World<'_>) -> Result<u8, Error> {
    let demo = Demo::unpack().map_err(|source| Error::Write { path: std::env::temp_dir(), source })?;
    let sides = SidesArgs {
        m1_db: Some(demo.path("m1.sql").display().to_string()),
        m1_media: Some(demo.path("m1-media")),
        m2_db: Some(demo.path("m2.sql").display().to_string()),
        m2_media: Some(demo.path("m2-media")),
        ..SidesArgs::default()
    };
    let mut settings = Settings::new(&sides, &args.common, world.now, &mut |_| {})?;
    // A demo that shows findings has done what it should.
    settings.fail_on = args.common.fail_on.unwrap_or(FailOn::Never);
    // The stores lie in a folder of a moment; the report names what they are.
    settings.sides.m1.label = Some("built-in demo store".to_owned());
    settings.sides.m2.label = Some("built-in demo store".to_owned());
    settings.report.client.get_or_insert_with(|| "Teehaus Lindenblatt (a fictional shop)".to_owned());
    let voice = Voice { is_quiet: args.common.quiet, is_verbose: args.common.verbose };
    let progress = if voice.is_quiet { Progress::hidden() } else { Progress::on_terminal() };
    audit::audit(&settings, &args.out, voice, &progress, world)
}
