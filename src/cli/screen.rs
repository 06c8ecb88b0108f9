//! Without a subcommand: the lab on the screen.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use color_eyre::eyre::eyre;

use super::arguments::{PlaceArguments, SweepsArgument};
use super::failure::Failure;
use super::interrupt::Request;
use super::output::line;
use crate::app::{self, Background, ColorDepth, ColorMap, Colors, Ended, Options, RUN};
use crate::training::Preset;
use crate::worker::{Surroundings, Worker};

/// The default preset.
pub const FIRST_PRESET: &str = "fashion-conv1";

#[derive(Debug, Args)]
pub struct ScreenArguments {
    #[command(flatten)]
    pub places: PlaceArguments,
    #[command(flatten)]
    pub sweeps: SweepsArgument,
    /// Preset to start with, by name or path; without --data, its data set is used too [default: fashion-conv1]
    #[arg(long, value_name = "PRESET")]
    pub preset: Option<String>,
    /// Colours that the terminal can show [default: detected]
    #[arg(long, value_name = "DEPTH", value_parser = one_of(DEPTHS))]
    pub color_depth: Option<ColorDepth>,
    #[command(flatten)]
    pub look: LookArguments,
    /// Leave the mouse to the terminal, for selecting text
    #[arg(long)]
    pub no_mouse: bool,
    /// Ring the bell, set the title and notify at the end of runs that took at least this long
    #[arg(long, value_name = "SECONDS", default_value = "30")]
    pub alert_after: f64,
    /// Do not ring the bell, set the title or notify
    #[arg(long, conflicts_with = "alert_after")]
    pub no_alert: bool,
}

// How the lab looks, on a terminal or in a picture. (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
pub struct LookArguments {
    /// Background of the terminal [default: detected], or of a picture [default: dark]
    #[arg(long, value_name = "SHADE", value_parser = one_of(BACKGROUNDS))]
    pub background: Option<Background>,
    /// Colour map for single-channel images
    #[arg(long, value_name = "MAP", default_value = "grey", value_parser = one_of(MAPS))]
    image_color_map: ColorMap,
    /// Colour map for feature maps and weights
    #[arg(long, value_name = "MAP", default_value = "viridis", value_parser = one_of(MAPS))]
    color_map: ColorMap,
}

impl LookArguments {
    pub const fn colors(&self) -> Colors {
        Colors {
            images: self.image_color_map,
            maps: self.color_map,
        }
    }
}

/// Possible values, with their help where the word does not explain itself.
type Named<T> = &'static [(&'static str, &'static str, T)];

const DEPTHS: Named<ColorDepth> = &[
    ("truecolor", "24-bit colour", ColorDepth::TrueColor),
    ("256", "The 256 colours of xterm", ColorDepth::Indexed256),
    ("16", "The 16 ANSI colours", ColorDepth::Basic16),
    ("none", "Pictures as characters", ColorDepth::None),
];
const BACKGROUNDS: Named<Background> = &[
    ("dark", "", Background::Dark),
    ("light", "", Background::Light),
];
const MAPS: Named<ColorMap> = &[
    ("viridis", "", ColorMap::Viridis),
    ("grey", "", ColorMap::Grey),
    (
        "cividis",
        "Suited to colour-blind viewers",
        ColorMap::Cividis,
    ),
];

/// A parser for one of these names.
fn one_of<T: Copy + Send + Sync>(all: Named<T>) -> impl TypedValueParser<Value = T> {
    let names = all.iter().map(|(name, help, _)| match *help {
        "" => PossibleValue::new(*name),
        help => PossibleValue::new(*name).help(help),
    });
    PossibleValuesParser::new(names).map(|said| {
        let found = all.iter().find(|(name, ..)| *name == said);
        found.expect("clap accepts only these names").2
    })
}

/// Runs the lab on the screen until the user quits.
pub fn open(arguments: ScreenArguments) -> Result<(), Failure> {
    let named = arguments.preset.as_deref();
    let (preset, preset_text) =
        Preset::open_with_text(named.unwrap_or(FIRST_PRESET)).map_err(Failure::input)?;
    // A named preset brings its data; the default preset leaves the choice to what the machine has.
    let of_preset = named.and(preset.data.clone());
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return Err(Failure::Input(eyre!(
            "the screen needs a terminal for input and output; without one, train with `convscope train PRESET`, or see `convscope --help` \
             for the other commands"
        )));
    }
    let options = Options {
        data: arguments.places.data_or(of_preset.as_deref())?,
        preset,
        preset_text,
        runs_folder: Some(arguments.places.runs.folder.clone()),
        sweeps_folder: arguments.sweeps.folder,
        depth: arguments.color_depth,
        background: arguments.look.background,
        colors: arguments.look.colors(),
        mouse: !arguments.no_mouse,
        announced_after: (!arguments.no_alert).then_some(arguments.alert_after),
    };
    let worker = Worker::start_in(Surroundings::of_user(arguments.places.threads()))
        .map_err(Failure::failed)?;
    let (ended, work) =
        app::run(options, worker.commands, worker.events).map_err(Failure::Failed)?;
    if ended != Ended::HungUp && !work.is_empty() {
        line(&where_it_is(&work))?;
    }
    let request = match ended {
        Ended::Quit => return Ok(()),
        Ended::Interrupted => Request::Interrupt,
        Ended::HungUp => Request::HangUp,
    };
    let has_run = work.iter().any(|(what, _)| *what == RUN);
    let left = match has_run {
        true => "in the lab; the weights are in the run folder",
        false => "in the lab",
    };
    Err(Failure::Interrupted(request, left.to_owned()))
}

/// A line for everything that the session wrote: what it is, and where.
fn where_it_is(work: &[(&'static str, PathBuf)]) -> String {
    let widest = work.iter().map(|(what, _)| what.len()).max().unwrap_or(0);
    let lines = work
        .iter()
        .map(|(what, path)| format!("{what:<widest$}  {}", path.display()));
    lines.collect::<Vec<_>>().join("\n")
}
