//! Without a subcommand: the laboratory on the screen.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use color_eyre::eyre::eyre;

use super::arguments::PlaceArguments;
use super::failure::Failure;
use super::interrupt::Request;
use super::output::line;
use crate::app::{self, Background, ColorDepth, ColorMap, Colors, Ended, Options, RUN};
use crate::training::Preset;
use crate::worker::{Surroundings, Worker};

/// Where no preset is named.
const FIRST_PRESET: &str = "fashion-conv1";

#[derive(Debug, Args)]
pub struct ScreenArguments {
    #[command(flatten)]
    pub places: PlaceArguments,
    /// The network to start with, and without --data the set that it names: a built-in preset's name or the path of a file [default:
    /// fashion-conv1]
    #[arg(long, value_name = "PRESET")]
    pub preset: Option<String>,
    /// How many colours the terminal shows [default: what the terminal says of itself]
    #[arg(long, alias = "colors", value_name = "DEPTH", value_parser = one_of(DEPTHS))]
    pub color_depth: Option<ColorDepth>,
    /// What lies behind the text [default: what the terminal says of itself]
    #[arg(long, value_name = "SHADE", value_parser = one_of(BACKGROUNDS))]
    pub background: Option<Background>,
    /// The colours of images of one channel
    #[arg(long, value_name = "MAP", default_value = "grey", value_parser = one_of(MAPS))]
    pub image_color_map: ColorMap,
    /// The colours of feature maps and weights
    #[arg(long, value_name = "MAP", default_value = "viridis", value_parser = one_of(MAPS))]
    pub color_map: ColorMap,
    /// Leave the mouse to the terminal, to select text with it
    #[arg(long)]
    pub no_mouse: bool,
    /// Ring, set the title and notify when a training ends that took so long
    #[arg(long, value_name = "SECONDS", default_value = "30")]
    pub alert_after: f64,
    /// Leave bell, title and notifications alone
    #[arg(long, conflicts_with = "alert_after")]
    pub no_alert: bool,
}

/// What can be said, with what it means where a word does not.
type Named<T> = &'static [(&'static str, &'static str, T)];

const DEPTHS: Named<ColorDepth> = &[
    ("truecolor", "24 bits a colour", ColorDepth::TrueColor),
    ("256", "xterm's 256 colours", ColorDepth::Indexed256),
    ("16", "The sixteen colours of ANSI", ColorDepth::Basic16),
    ("none", "Pictures in characters", ColorDepth::None),
];
const BACKGROUNDS: Named<Background> = &[
    ("dark", "", Background::Dark),
    ("light", "", Background::Light),
];
const MAPS: Named<ColorMap> = &[
    ("viridis", "", ColorMap::Viridis),
    ("grey", "", ColorMap::Grey),
    ("cividis", "Alike for colour-blind eyes", ColorMap::Cividis),
];

/// Takes one of these names.
fn one_of<T: Copy + Send + Sync>(all: Named<T>) -> impl TypedValueParser<Value = T> {
    let names = all.iter().map(|(name, help, _)| match *help {
        "" => PossibleValue::new(*name),
        help => PossibleValue::new(*name).help(help),
    });
    PossibleValuesParser::new(names).map(|said| {
        let found = all.iter().find(|(name, ..)| *name == said);
        found.expect("clap accepts these names alone").2
    })
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
        runs_folder: Some(arguments.places.runs.folder.clone()),
        depth: arguments.color_depth,
        background: arguments.background,
        colors: Colors {
            images: arguments.image_color_map,
            maps: arguments.color_map,
        },
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
        true => "in the lab; what a training learned is in its run folder",
        false => "in the lab",
    };
    Err(Failure::Interrupted(request, left.to_owned()))
}

/// A line for each thing that the session left: what it is, and where.
fn where_it_is(work: &[(&'static str, PathBuf)]) -> String {
    let widest = work.iter().map(|(what, _)| what.len()).max().unwrap_or(0);
    let lines = work
        .iter()
        .map(|(what, path)| format!("{what:<widest$}  {}", path.display()));
    lines.collect::<Vec<_>>().join("\n")
}
