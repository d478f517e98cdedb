//! Manual pages and shell completions, made from the command line's own definition.

use clap::CommandFactory;

use crate::cli::Cli;
use crate::commands::{World, printed};
use crate::error::Error;

pub(super) fn completions(shell: clap_complete::Shell, world: &mut World<'_>) -> Result<u8, Error> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "magegap", &mut script);
    printed(world.out.write_all(&script))?;
    Ok(0)
}

pub(super) fn page(name: Option<&str>, world: &mut World<'_>) -> Result<u8, Error> {
    let mut command = Cli::command();
    command.build();
    let command = match name {
        None => command,
        Some(name) => {
            let found = command.find_subcommand(name).cloned();
            found.ok_or_else(|| Error::usage(format!("there is no command `{}`", crate::text::visible(name))))?
        }
    };
    printed(clap_mangen::Man::new(command).render(&mut world.out))?;
    Ok(0)
}
