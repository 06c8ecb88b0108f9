//! Without a subcommand: the laboratory on the screen.

use std::io::{self, IsTerminal};

use clap::{Args, ValueEnum};
use color_eyre::eyre::eyre;

use super::arguments::PlaceArguments;
use super::failure::Failure;
use super::interrupt::Request;
use crate::app::{self, Background, ColorDepth, ColorMap, Ended, Options};
use crate::training::Preset;
use crate::worker::{Surroundings, Worker};

/// Where no preset is named.
const FIRST_PRESET: &str = "fashion-bn4";

#[derive(Debug, Args)]
pub struct ScreenArguments {
    #[command(flatten)]
    pub places: PlaceArguments,
    /// The network to start with, and without --data the set that it names: a built-in preset's name or the path of a file [default:
    /// fashion-bn4]
    #[arg(long, value_name = "PRESET")]
    pub preset: Option<String>,
    /// How many colours the terminal shows [default: what the terminal says of itself]
    #[arg(long, value_name = "DEPTH")]
    pub colors: Option<DepthArgument>,
    /// What lies behind the text [default: what the terminal says of itself]
    #[arg(long, value_name = "SHADE")]
    pub background: Option<BackgroundArgument>,
    /// The colours of pictures
    #[arg(long, value_name = "MAP", value_enum, default_value_t = MapArgument::Viridis)]
    pub color_map: MapArgument,
    /// Leave the mouse to the terminal, where it would draw on the pad
    #[arg(long)]
    pub no_mouse: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum DepthArgument {
    /// 24 bits a colour
    Truecolor,
    /// xterm's 256 colours
    #[value(name = "256")]
    Indexed256,
    /// The sixteen colours of ANSI
    #[value(name = "16")]
    Basic16,
    /// Pictures in characters
    None,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum BackgroundArgument {
    Dark,
    Light,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum MapArgument {
    Viridis,
    Grey,
    /// Alike for colour-blind eyes
    Cividis,
}

/// Opens the screen and stays until the user leaves it.
pub fn open(arguments: ScreenArguments) -> Result<(), Failure> {
    let named = arguments.preset.as_deref();
    let (preset, preset_text) =
        Preset::open_with_text(named.unwrap_or(FIRST_PRESET)).map_err(Failure::input)?;
    // Who names a preset means its data too; who names nothing gets what the machine has.
    let of_preset = named.and(preset.data.clone());
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return Err(Failure::Input(eyre!(
            "the screen needs a terminal for input and output; without one, `convscope train PRESET` trains and `convscope --help` \
             lists what else there is"
        )));
    }
    let options = Options {
        data: arguments.places.data.clone().or(of_preset),
        preset,
        preset_text,
        runs_folder: Some(arguments.places.out.clone()),
        depth: arguments.colors.map(|depth| match depth {
            DepthArgument::Truecolor => ColorDepth::TrueColor,
            DepthArgument::Indexed256 => ColorDepth::Indexed256,
            DepthArgument::Basic16 => ColorDepth::Basic16,
            DepthArgument::None => ColorDepth::None,
        }),
        background: arguments.background.map(|background| match background {
            BackgroundArgument::Dark => Background::Dark,
            BackgroundArgument::Light => Background::Light,
        }),
        colors: match arguments.color_map {
            MapArgument::Viridis => ColorMap::Viridis,
            MapArgument::Grey => ColorMap::Grey,
            MapArgument::Cividis => ColorMap::Cividis,
        },
        mouse: !arguments.no_mouse,
    };
    let worker = Worker::start_in(Surroundings::of_user(arguments.places.threads()))
        .map_err(Failure::failed)?;
    let request =
        match app::run(options, worker.commands, worker.events).map_err(Failure::Failed)? {
            Ended::Quit => return Ok(()),
            Ended::Interrupted => Request::Interrupt,
            Ended::HungUp => Request::HangUp,
        };
    Err(Failure::Interrupted(
        request,
        "in the lab; what a training learned is in its run folder".to_owned(),
    ))
}
