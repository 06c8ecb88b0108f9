//! `convscope explain RUN IMAGE`: why a run's network takes an image for what it does, as a picture.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args, Command, FromArgMatches};
use color_eyre::eyre::eyre;
use image::{ImageFormat, RgbImage};
use tempfile::NamedTempFile;

use super::Subcommand;
use super::failure::Failure;
use super::output::line;
use super::pictures::{self, PictureArguments};
use super::trained::{Trained, most_probable};
use crate::analysis::explain::{EXPLANATIONS, Method, explain, overlay};
use crate::shape::Shape;

/// The longer side of the picture is at least this many pixels.
const SIDE: usize = 280;

pub static SUBCOMMAND: Subcommand = Subcommand {
    name: "explain",
    define,
    run,
};

#[derive(Debug, Args)]
struct ExplainArguments {
    /// A run folder, as training leaves it under runs/
    run: PathBuf,
    /// A PNG or JPEG file of any size, scaled to the network's input
    image: String,
    /// How; a method with other settings than its defaults is written `grad_cam: {layer: 3}`
    #[arg(long, default_value = "grad_cam")]
    method: String,
    /// The class that is asked about, by name or number [default: the most probable one]
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,
    /// The PNG file to write
    #[arg(long, value_name = "PNG")]
    out: PathBuf,
    #[command(flatten)]
    pictures: PictureArguments,
}

fn define(command: Command) -> Command {
    let methods: Vec<String> = EXPLANATIONS
        .iter()
        .map(|kind| format!("  {:<21} {}", kind.name, kind.help))
        .collect();
    ExplainArguments::augment_args(command)
        .about("Paint where an image speaks for a class (orange) and against it (blue)")
        .after_help(format!("Methods:\n{}", methods.join("\n")))
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let arguments = ExplainArguments::from_arg_matches(matches)?;
    let method: Method = serde_yaml::from_str(&arguments.method).map_err(|error| {
        let names: Vec<_> = EXPLANATIONS.iter().map(|kind| kind.name).collect();
        Failure::Input(eyre!(
            "--method {}: {error}; the methods are {}",
            arguments.method,
            names.join(", ")
        ))
    })?;
    let mut trained = Trained::open(&arguments.run)?;
    let shape = trained.input();
    let pictures = pictures::read(&arguments.image, shape, &arguments.pictures)?;
    let [picture] = &pictures[..] else {
        return Err(Failure::Input(eyre!(
            "{}: expected one image, got {}",
            arguments.image,
            pictures.len()
        )));
    };
    let image = picture.values();
    let class = match &arguments.class {
        Some(text) => trained.class(text)?,
        None => most_probable(&trained.probabilities(&image)),
    };
    let model = &mut trained.model;
    let explanation = trained
        .pool
        .install(|| explain(model, &image, class, &method))
        .map_err(Failure::input)?;
    let painted = overlay(&picture.pixels, shape, &explanation.heat);
    save(&painted, shape, &arguments.out)?;
    let note = match explanation.note.as_str() {
        "" => String::new(),
        note => format!("; {note}"),
    };
    line(&format!(
        "{}: {} {}, probability {:.4}, score {:.3}{note} → {}",
        method.kind().name,
        class,
        trained.class_names[class],
        explanation.probability,
        explanation.score,
        arguments.out.display()
    ))
}

/// Writes `[height, width, 3]` as a PNG, each pixel a whole number of times as large; whole or not at all.
fn save(pixels: &[u8], shape: Shape, path: &Path) -> Result<(), Failure> {
    let times = SIDE.div_ceil(shape.height.max(shape.width).max(1));
    let (width, height) = ((shape.width * times) as u32, (shape.height * times) as u32);
    let image = RgbImage::from_fn(width, height, |x, y| {
        let (row, column) = (y as usize / times, x as usize / times);
        let at = (row * shape.width + column) * 3;
        image::Rgb([pixels[at], pixels[at + 1], pixels[at + 2]])
    });
    let mut bytes = Vec::new();
    image
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .map_err(Failure::failed)?;
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let not_written = |error: std::io::Error| {
        Failure::Input(eyre!(
            "{}: cannot be written: {error}; name a file in a folder that you may write to",
            path.display()
        ))
    };
    let mut file = NamedTempFile::new_in(folder).map_err(not_written)?;
    file.write_all(&bytes).map_err(not_written)?;
    file.persist(path)
        .map_err(|error| not_written(error.error))?;
    Ok(())
}
