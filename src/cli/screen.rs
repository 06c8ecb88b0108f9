//! Without a subcommand: the laboratory on the screen.

use std::io::{self, IsTerminal};

use clap::Args;
use color_eyre::eyre::eyre;

use super::arguments::PlaceArguments;
use super::failure::Failure;
use crate::app::{self, Ended, Options};
use crate::training::Preset;
use crate::worker::Worker;

#[derive(Debug, Args)]
pub struct ScreenArguments {
    /// The network to begin with: a built-in preset's name or a file
    #[arg(long, value_name = "PRESET", default_value = "fashion-bn4")]
    pub preset: String,
    #[command(flatten)]
    pub places: PlaceArguments,
}

/// Opens the screen and stays until the person leaves it.
pub fn open(arguments: ScreenArguments) -> Result<(), Failure> {
    let ScreenArguments { preset, places } = arguments;
    let preset = Preset::open(&preset).map_err(Failure::input)?;
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return Err(Failure::Input(eyre!(
            "the screen needs a terminal for input and output; without one, `convscope train PRESET` trains and `convscope --help` \
             lists what else there is"
        )));
    }
    let Worker { commands, events } = Worker::start(places.threads()).map_err(Failure::failed)?;
    let options = Options {
        data: places.data,
        preset,
        runs_folder: Some(places.out),
        depth: None,
        background: None,
        colors: Default::default(),
    };
    match app::run(options, commands, events).map_err(Failure::Failed)? {
        Ended::Quit => Ok(()),
        Ended::Interrupted => Err(Failure::Interrupted(
            "; what was trained is in its run folder".to_owned(),
        )),
    }
}
