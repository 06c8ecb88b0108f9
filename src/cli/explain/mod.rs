//! `convscope explain RUN IMAGE`: why a run's network takes an image for what it does, as a picture.

mod attribution;
mod inside;
mod sheet;

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches};
use color_eyre::eyre::eyre;

use super::Subcommand;
use super::failure::Failure;
use super::output::line;
use super::pictures::{self, Picture, PictureArguments};
use super::trained::{SetArguments, Trained};
use crate::analysis::explain::{EXPLANATIONS, Method, explain, overlay};
use crate::analysis::most_probable;
use crate::shape::Shape;
use inside::LOOKS;
use sheet::save;

pub static SUBCOMMAND: Subcommand = Subcommand {
    name: "explain",
    define,
    run,
};

#[derive(Debug, Args)]
struct ExplainArguments {
    /// A run folder, as training leaves it under runs/
    run: PathBuf,
    /// A PNG or JPEG file of any size, scaled to the network's input; exciting, ascent and health need none
    image: Option<String>,
    /// How; a method with other settings than its defaults is written `grad_cam: {layer: 3}`
    #[arg(long, default_value = "grad_cam")]
    method: String,
    /// The class that is asked about, by name or number [default: the most probable one]
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,
    /// The PNG file to write
    #[arg(long, value_name = "PNG")]
    out: Option<PathBuf>,
    /// The layer to look into, by name or number from 0
    #[arg(long, value_name = "LAYER")]
    layer: Option<String>,
    /// The filter or unit of the layer, from 0
    #[arg(long, value_name = "FILTER", default_value_t = 0)]
    filter: usize,
    /// Row and column of the value in its map
    #[arg(long, value_name = "ROW,COLUMN", default_value = "0,0", value_parser = place)]
    at: (usize, usize),
    /// The weights after this epoch, of those under checkpoints/ [default: the best epoch's; before there is one, the latest]
    #[arg(long, value_name = "N")]
    epoch: Option<usize>,
    #[command(flatten)]
    set: SetArguments,
    /// Print an explanation's values, or arithmetic or health, as JSON; with an explanation --out may be left out then
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    pictures: PictureArguments,
}

fn define(command: Command) -> Command {
    let methods: Vec<String> = EXPLANATIONS
        .iter()
        .map(|kind| format!("  {:<21} {}", kind.name, kind.help))
        .collect();
    let looks: Vec<String> = LOOKS
        .iter()
        .map(|look| format!("  {:<21} {}", look.name, look.help))
        .collect();
    ExplainArguments::augment_args(command)
        .about("Paint where an image speaks for a class (orange) and against it (blue), or look into the layers")
        .after_help(format!(
            "Methods that explain:\n{}\n\nMethods that look inside:\n{}\n\n{}",
            methods.join("\n"),
            looks.join("\n"),
            attribution::SHAPE
        ))
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let arguments = ExplainArguments::from_arg_matches(matches)?;
    if let Some(look) = LOOKS.iter().find(|look| look.name == arguments.method) {
        let mut trained = Trained::open_at(&arguments.run, arguments.epoch)?;
        return (look.run)(&mut trained, &arguments);
    }
    let method: Method = serde_yaml::from_str(&arguments.method).map_err(|error| {
        let explanations = EXPLANATIONS.iter().map(|kind| kind.name);
        let names: Vec<_> = explanations
            .chain(LOOKS.iter().map(|look| look.name))
            .collect();
        Failure::Input(eyre!(
            "--method {}: {error}; the methods are {}",
            arguments.method,
            names.join(", ")
        ))
    })?;
    let mut trained = Trained::open_at(&arguments.run, arguments.epoch)?;
    let shape = trained.input();
    let picture = one_picture(&trained, &arguments)?;
    if arguments.out.is_none() && !arguments.json {
        return Err(Failure::Input(eyre!(
            "--out: name the PNG file to write, for example --out why.png, or ask for the values with --json"
        )));
    }
    let image = picture.values();
    let class = match &arguments.class {
        Some(text) => trained.class(text)?,
        None => most_probable(&trained.probabilities(&image)).0,
    };
    let model = &mut trained.model;
    let explanation = trained
        .pool
        .install(|| explain(model, &image, class, &method))
        .map_err(Failure::input)?;
    if let Some(out) = &arguments.out {
        let painted = overlay(&picture.pixels, shape, &explanation.heat);
        save(&painted, Shape::new(shape.height, shape.width, 3), out)?;
    }
    if arguments.json {
        return line(&attribution::in_json(&trained, &picture, &explanation).to_string());
    }
    let note = match explanation.note.as_str() {
        "" => String::new(),
        note => format!("; {note}"),
    };
    // A name that is the number again says nothing.
    let named = match trained.class_names[class].as_str() {
        name if name == class.to_string() => format!("class {class}"),
        name => format!("class {class} {name}"),
    };
    let out = arguments
        .out
        .iter()
        .map(|out| format!(" → {}", out.display()));
    line(&format!(
        "{}: {named}, probability {:.4}, score {:.3}{note}{}",
        method.kind().name,
        explanation.probability,
        explanation.score,
        out.collect::<String>()
    ))
}

/// The one image that was named.
fn one_picture(trained: &Trained, arguments: &ExplainArguments) -> Result<Picture, Failure> {
    let Some(name) = &arguments.image else {
        return Err(Failure::Input(eyre!(
            "--method {}: name the image to look at after the run",
            arguments.method
        )));
    };
    let mut pictures = pictures::read(name, trained.input(), &arguments.pictures)?;
    match (pictures.len(), pictures.pop()) {
        (1, Some(picture)) => Ok(picture),
        (count, _) => Err(Failure::Input(eyre!(
            "{name}: expected one image, got {count}"
        ))),
    }
}

/// `ROW,COLUMN`
fn place(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once(',');
    parts
        .and_then(|(row, column)| Some((row.trim().parse().ok()?, column.trim().parse().ok()?)))
        .ok_or_else(|| format!("expected ROW,COLUMN, such as 12,7, got '{text}'"))
}
