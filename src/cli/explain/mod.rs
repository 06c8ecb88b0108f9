//! `convscope explain RUN IMAGE`: explains a prediction of a run's network, as a picture.

mod inside;
mod sheet;

use std::path::PathBuf;

use clap::Args;
use color_eyre::eyre::eyre;
use serde_json::{Value, json};

use super::Action;
use super::arguments::{ForceArgument, from_yaml, run_folder, whole};
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
  data, sha256           the set that the weights were last trained on, whose classes are predicted
  image                  name; shape [height, width, channels]; pixels as rows of pixels of channels, 0 to 255, as the network sees them
  method                 the method with its settings: {\"grad_cam\": {\"layer\": 0}}
  class, class_name      the class that is explained
  probability, score     of that class; the score is before softmax
  heat                   the overlay on the image: rows of one number per pixel, above 0 for the class and below 0 against it
  layer                  for Grad-CAM, number (from 1) and name of the layer whose maps the values are; else null
  shape, values          the method's raw values, which heat summarises: [height, width, channels], and rows of pixels of channels
  note                   a sentence on what was measured, or \"\"";

/// Explain a prediction: which pixels raise a class's score (orange) and which lower it (blue), or inspect the layers
#[derive(Debug, Args)]
#[command(after_help = methods())]
pub struct ExplainArguments {
    /// Run folder, or its name in runs/
    #[arg(value_parser = run_folder)]
    run: PathBuf,
    /// Image file of any size (PNG, JPEG, BMP, GIF, TIFF, WebP or PNM), scaled to the network's input; not needed for exciting, ascent and health
    image: Option<String>,
    /// Method; write one with settings other than the defaults as `grad_cam: {layer: 3}`
    #[arg(long, default_value = EXPLANATIONS[0].name)]
    method: String,
    /// Class to explain, by name or number [default: the predicted class]
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,
    /// PNG file to write; optional in a terminal, which shows the picture
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    force: ForceArgument,
    /// Layer to inspect, by name or number from 1
    #[arg(long, value_name = "LAYER")]
    layer: Option<String>,
    /// Filter or unit of the layer, from 0
    #[arg(long, value_name = "FILTER", default_value_t = 0, value_parser = whole::<usize>)]
    filter: usize,
    /// Row and column of the value in its map
    #[arg(long, value_name = "ROW,COLUMN", default_value = "0,0", value_parser = place)]
    at: (usize, usize),
    /// Use the weights of this epoch, from checkpoints/ [default: the best epoch, or the latest weights before there is one]
    #[arg(long, value_name = "N", value_parser = whole::<usize>)]
    epoch: Option<usize>,
    #[command(flatten)]
    set: SetArguments,
    /// Print the values of an explanation, arithmetic or health as JSON; an explanation then needs no --out
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
            self.check_given(&trained, look.needs)?;
            return (look.run)(&mut trained, &self);
        }
        let method = self.explanation()?;
        let mut trained = Trained::open_at(&self.run, self.epoch)?;
        self.check_given(&trained, Needs::IMAGE)?;
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
                legend(&explanation),
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
        // A name that repeats the number is omitted.
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

/// What a method needs besides a run.
#[derive(Clone, Copy)]
struct Needs {
    image: bool,
    layer: bool,
}

impl Needs {
    const IMAGE: Self = Self {
        image: true,
        layer: false,
    };
    const LAYER: Self = Self {
        image: false,
        layer: true,
    };
    const BOTH: Self = Self {
        image: true,
        layer: true,
    };
    const NOTHING: Self = Self {
        image: false,
        layer: false,
    };
}

impl ExplainArguments {
    /// The method that explains a prediction.
    fn explanation(&self) -> Result<Method, Failure> {
        let text = &self.method;
        let kinds = EXPLANATIONS.iter().map(|kind| kind.name);
        let name = text.split(':').next().unwrap_or(text).trim();
        if !kinds.clone().any(|kind| kind == name) {
            let looks = LOOKS.iter().map(|look| look.name);
            let names: Vec<_> = kinds.chain(looks).collect();
            return Err(Failure::Input(eyre!(
                "--method {name}: not a method; the methods are {}",
                names.join(", ")
            )));
        }
        from_yaml("method", text)
    }

    /// Refuses if anything is missing that the method needs, and names it all.
    fn check_given(&self, trained: &Trained, needs: Needs) -> Result<(), Failure> {
        let lacks_image = needs.image && self.image.is_none();
        let lacks_layer = needs.layer && self.layer.is_none();
        let missing = match (lacks_image, lacks_layer) {
            (true, true) => "an image and a layer are missing",
            (true, false) => "an image is missing",
            (false, true) => "a layer is missing",
            (false, false) => return Ok(()),
        };
        let given = |needed: bool, given: &Option<String>, before: &str, name: &str| {
            let given = given.as_deref().unwrap_or(name);
            needed.then(|| format!("{before}{given}"))
        };
        let image = given(needs.image, &self.image, " ", "IMAGE").unwrap_or_default();
        let layer = given(needs.layer, &self.layer, " --layer ", "LAYER").unwrap_or_default();
        let layers = trained.model.network().layers().iter();
        let layers: Vec<_> = layers.map(|layer| layer.name.as_str()).collect();
        let which = match lacks_layer {
            true => format!("; its layers are {}", layers.join(", ")),
            false => String::new(),
        };
        Err(Failure::Input(eyre!(
            "--method {}: {missing}; write `convscope explain {}{image} --method {0}{layer}`{which}",
            self.method,
            self.run.display(),
        )))
    }
}

fn methods() -> String {
    let row = |name: &str, help: &str| format!("  {name:<21} {help}\n");
    let methods = EXPLANATIONS.iter().map(|kind| row(kind.name, kind.help));
    let looks = LOOKS.iter().map(|look| row(look.name, look.help));
    format!(
        "Methods that explain a prediction:\n{}\nMethods that inspect layers:\n{}\n{SHAPE}",
        methods.collect::<String>(),
        looks.collect::<String>(),
    )
}

/// The one image that was named.
fn one_picture(trained: &Trained, arguments: &ExplainArguments) -> Result<Picture, Failure> {
    let name = arguments.image.as_deref().unwrap_or_default();
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
