//! `convscope explain RUN IMAGE`: why a run's network takes an image for what it does, as a picture.

mod inside;
mod sheet;

use std::path::PathBuf;

use clap::Args;
use color_eyre::eyre::eyre;
use serde_json::{Value, json};

use super::Action;
use super::arguments::ForceArgument;
use super::failure::Failure;
use super::output::line;
use super::pictures::{Picture, PictureArguments, Reader};
use super::trained::{SetArguments, Trained};
use crate::analysis::explain::{EXPLANATIONS, Explanation, Method, explain, overlay};
use crate::analysis::most_probable;
use crate::shape::Shape;
use crate::ui::theme::ColorMap;
use crate::wording::decimals;
use inside::LOOKS;
use sheet::{Sheet, arrow, check_seen, legend};

/// What `--json` prints of an explanation, for the command's help.
const SHAPE: &str = "\
An explanation as JSON, one line:
  run, network, epochs   the run folder, its network, and the finished epochs of the weights
  data, sha256           the set that the weights were trained on last: whose classes are told apart
  image                  name; shape [height, width, channels]; pixels, rows of pixels of channels, 0 to 255, as the network sees them
  method                 with its settings: {\"grad_cam\": {\"layer\": 0}}
  class, class_name      what was asked about
  probability, score     of that class; the score is before softmax
  heat                   what is painted over the image: rows of one number a pixel, above 0 for the class and below against it
  layer                  whose maps the values are: its number from 1 and its name, for Grad-CAM; else null
  shape, values          the method's own numbers, which the heat sums up: [height, width, channels], and rows of places of channels
  note                   a sentence on what was measured, or \"\"";

/// Paint where an image speaks for a class (orange) and against it (blue), or look into the layers
#[derive(Debug, Args)]
#[command(after_help = methods())]
pub struct ExplainArguments {
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
    /// The PNG file to write; a terminal shows the picture without one
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    force: ForceArgument,
    /// The layer to look into, by its name or its number from 1
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

impl Action for ExplainArguments {
    fn run(self) -> Result<(), Failure> {
        if let Some(out) = &self.out {
            self.force.check(out)?;
        }
        if let Some(look) = LOOKS.iter().find(|look| look.name == self.method) {
            let mut trained = Trained::open_at(&self.run, self.epoch)?;
            return (look.run)(&mut trained, &self);
        }
        let method: Method = serde_yaml::from_str(&self.method).map_err(|error| {
            let explanations = EXPLANATIONS.iter().map(|kind| kind.name);
            let names: Vec<_> = explanations
                .chain(LOOKS.iter().map(|look| look.name))
                .collect();
            Failure::Input(eyre!(
                "--method {}: {error}; the methods are {}",
                self.method,
                names.join(", ")
            ))
        })?;
        let mut trained = Trained::open_at(&self.run, self.epoch)?;
        let shape = trained.input();
        let picture = one_picture(&trained, &self)?;
        let out = self.out.as_deref();
        if !self.json {
            check_seen(out)?;
        }
        let image = picture.values();
        let class = match &self.class {
            Some(text) => trained.class(text)?,
            None => most_probable(&trained.probabilities(&image)),
        };
        let explanation = trained.compute(|model| explain(model, &image, class, &method));
        let explanation = explanation.map_err(Failure::input)?;
        let painted = Sheet {
            shape: Shape::new(shape.height, shape.width, 3),
            images: vec![(
                overlay(&picture.pixels, shape, &explanation.heat),
                legend().to_owned(),
            )],
            map: ColorMap::Grey,
        };
        out.map_or(Ok(()), |out| painted.save(out))?;
        if self.json {
            return line(&in_json(&trained, &picture, &explanation).to_string());
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
        painted.beside(&picture).draw()?;
        line(&format!(
            "{}: {named}, probability {:.4}, score {}{note}{}",
            method.kind().name,
            explanation.probability,
            decimals(explanation.score, 3),
            arrow(out)
        ))
    }
}

fn methods() -> String {
    let row = |name: &str, help: &str| format!("  {name:<21} {help}\n");
    let methods = EXPLANATIONS.iter().map(|kind| row(kind.name, kind.help));
    let looks = LOOKS.iter().map(|look| row(look.name, look.help));
    format!(
        "Methods that explain:\n{}\nMethods that look inside:\n{}\n{SHAPE}",
        methods.collect::<String>(),
        looks.collect::<String>(),
    )
}

/// The one image that was named.
fn one_picture(trained: &Trained, arguments: &ExplainArguments) -> Result<Picture, Failure> {
    let Some(name) = &arguments.image else {
        return Err(Failure::Input(eyre!(
            "--method {}: name the image to look at after the run",
            arguments.method
        )));
    };
    let reader = Reader::new(trained, &arguments.pictures);
    let mut pictures = reader.read(name)?;
    reader.note_what_would_help();
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

/// The explanation of `picture`, as [`SHAPE`] says.
fn in_json(trained: &Trained, picture: &Picture, explanation: &Explanation) -> Value {
    let network = trained.model.network();
    let (known, input) = (&trained.trained_on, trained.input());
    let heat: Vec<&[f32]> = explanation.heat.chunks_exact(input.width).collect();
    let layer = explanation
        .layer
        .map(|layer| json!({"number": layer + 1, "name": network.layers()[layer].name}));
    let told = json!({
        "image": {
            "name": picture.name,
            "shape": input,
            "pixels": rows_of(input, &picture.pixels),
        },
        "method": explanation.method,
        "class": explanation.class,
        "class_name": trained.class_names[explanation.class],
        "probability": explanation.probability,
        "score": explanation.score,
        "heat": heat,
        "layer": layer,
        "shape": explanation.shape,
        "values": rows_of(explanation.shape, &explanation.values),
        "note": explanation.note,
    });
    trained.in_json(&known.name, &known.sha256, told)
}

/// `[height, width, channels]` as rows of places of channels.
fn rows_of<T>(shape: Shape, values: &[T]) -> Vec<Vec<&[T]>> {
    let rows = values.chunks_exact(shape.width * shape.channels);
    rows.map(|row| row.chunks_exact(shape.channels).collect())
        .collect()
}
