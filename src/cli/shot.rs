//! `convscope shot PANE`: a picture of the lab without a terminal.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::Action;
use super::arguments::{ForceArgument, SweepsArgument, run_folder, whole_in};
use super::failure::Failure;
use super::opening::OpeningArguments;
use super::picture_files::write;
use super::runs::open;
use super::screen::{FIRST_PRESET, LookArguments};
use crate::app::{Key, Options, PaneId, Shot, shot};
use crate::data::has_ending;
use crate::training::Preset;
use crate::worker::{Surroundings, Worker};

/// Draw a pane of the lab, in a terminal of any size, as an SVG or PNG picture
#[derive(Debug, Args)]
#[command(
    after_help = "Example: convscope shot results --run RUN --keys 'd' --out pad.svg. The picture is drawn once everything has come that \
    the pane shows; a run that the keys start is trained to its end."
)]
pub struct ShotArguments {
    /// Pane to draw
    #[arg(value_name = "PANE", value_parser = panes())]
    pane: PaneId,
    /// File to write, SVG or PNG by its ending [default: PANE.svg]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Columns and rows of the terminal
    #[arg(long, value_name = "COLUMNSxROWS", default_value = "100x30", value_parser = size)]
    size: (u16, u16),
    /// Run to open first, with its own network and data
    #[arg(long, value_name = "RUN", value_parser = run_folder, conflicts_with_all = ["preset", "data"])]
    run: Option<PathBuf>,
    /// Preset to open, by name or path; without --data, its data set is opened too [default: fashion-conv1]
    #[arg(long, value_name = "PRESET")]
    preset: Option<String>,
    /// Keys to press on the pane, with spaces between them: names as in the key line (Enter, Ctrl-P, Down, Space) or letters
    #[arg(long, value_name = "KEYS", default_value = "")]
    keys: String,
    #[command(flatten)]
    look: LookArguments,
    // Not `PlaceArguments`, where `--out` is a former name of `--runs`.
    /// Data set to open, by name or path [default: the preset's, if one is named]
    #[arg(long, value_name = "D")]
    data: Option<String>,
    #[command(flatten)]
    opening: OpeningArguments,
    /// Folder that holds the run folders
    #[arg(long, value_name = "DIR", default_value = "runs")]
    runs: PathBuf,
    /// Threads to compute with [default: one per processor]
    #[arg(long, value_name = "T", value_parser = whole_in(1..=1024))]
    threads: Option<u16>,
    #[command(flatten)]
    sweeps: SweepsArgument,
    #[command(flatten)]
    force: ForceArgument,
}

/// The names of panes, in small letters.
fn panes() -> impl TypedValueParser<Value = PaneId> {
    let name = |pane: &PaneId| pane.title().to_lowercase();
    let names: Vec<String> = PaneId::ALL.iter().map(name).collect();
    PossibleValuesParser::new(names).map(move |said| {
        let found = PaneId::ALL.iter().find(|pane| name(pane) == said);
        *found.expect("clap accepts only these names")
    })
}

/// `100x30`
fn size(text: &str) -> Result<(u16, u16), String> {
    let sides = text.split_once(['x', '×']);
    let sides = sides.and_then(|(columns, rows)| Some((columns.parse().ok()?, rows.parse().ok()?)));
    let is_possible =
        |(columns, rows): &(u16, u16)| (1..=500).contains(columns) && (1..=500).contains(rows);
    sides
        .filter(is_possible)
        .ok_or_else(|| "expected columns and rows from 1 to 500, such as 100x30".to_owned())
}

impl Action for ShotArguments {
    fn run(self) -> Result<(), Failure> {
        let out = self.out.clone();
        let out = out
            .unwrap_or_else(|| PathBuf::from(format!("{}.svg", self.pane.title().to_lowercase())));
        if !has_ending(&out, &["svg", "png"]) {
            return Err(Failure::sentence(format!(
                "--out {}: expected a name that ends in .svg or .png",
                out.display()
            )));
        }
        self.force.check(&out)?;
        let named = self.preset.as_deref();
        let (preset, preset_text) =
            Preset::open_with_text(named.unwrap_or(FIRST_PRESET)).map_err(Failure::input)?;
        let of_run = self.run.as_deref().map(open).transpose()?;
        // The run opens its set again; until then no other one needs to be read.
        let of_run =
            of_run.map(|(_, record)| record.latest_data().opened_by(&record.preset).to_owned());
        let of_preset = named.and(preset.data.clone());
        let data = self.data.or(of_run).or(of_preset);
        let options = Options {
            data: self.opening.choice(data.as_deref())?,
            preset,
            preset_text,
            runs_folder: Some(self.runs),
            sweeps_folder: self.sweeps.folder,
            depth: None,
            background: self.look.background,
            colors: self.look.colors(),
            mouse: false,
            announced_after: None,
        };
        let surroundings = Surroundings::of_onlooker(self.threads.map(usize::from));
        let worker = Worker::start_in(surroundings).map_err(Failure::failed)?;
        let (columns, rows) = self.size;
        let asked = Shot {
            pane: self.pane,
            columns,
            rows,
            run: self.run,
            keys: Key::all_in(&self.keys),
        };
        let content = shot(options, worker, &asked, &out).map_err(Failure::sentence)?;
        write(&out, &content)
    }
}
