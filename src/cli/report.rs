//! `convscope report RUN|SWEEP…`: a report of runs and sweeps as one page.

use std::path::{Path, PathBuf};

use clap::Args;
use color_eyre::eyre::eyre;

use super::Action;
use super::arguments::{ForceArgument, run_folder, whole};
use super::failure::Failure;
use super::output::{note, write_file};
use super::runs::open;
use super::trained::{SetArguments, Trained};
use crate::report::{Inspected, Looking, Markdown, RunPart, SweepPart, report, to_html};
use crate::sweep::{Coordinator, Findings, Measure, SweepFolder};

/// Write a report of runs, or of a sweep and its best trial, as one HTML page that needs no other file
#[derive(Debug, Args)]
pub struct ReportArguments {
    /// Run folders, or their names in runs/, and sweep folders
    #[arg(required = true, value_name = "RUN|SWEEP", value_parser = run_folder)]
    subjects: Vec<PathBuf>,
    /// File to write [default: the name of the first run or sweep, with .html or .md]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write Markdown, for a README, with its pictures in a folder beside it
    #[arg(long)]
    md: bool,
    /// Test image whose activations are shown, from 0
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = whole::<usize>)]
    image: usize,
    #[command(flatten)]
    set: SetArguments,
    #[command(flatten)]
    force: ForceArgument,
}

impl Action for ReportArguments {
    fn run(self) -> Result<(), Failure> {
        let out = self.out();
        self.force.check(&out)?;
        if self.md {
            self.force.check(&pictures_of(&out))?;
        }
        let (mut runs, mut sweeps) = (Vec::new(), Vec::new());
        for subject in &self.subjects {
            match SweepFolder::open(subject) {
                Ok(folder) => sweeps.push(self.sweep(folder)?),
                // Anything else is to be a run.
                Err(_) => runs.push(self.run_part(subject)?),
            }
        }
        let document = report(self.title(), &runs, &sweeps);
        if self.md {
            return write_markdown(&document, &out);
        }
        write_file(&out, to_html(&document).as_bytes())?;
        note(&format!("{} is written", out.display()));
        Ok(())
    }
}

impl ReportArguments {
    /// The name of the first run or sweep, and how many others there are.
    fn title(&self) -> String {
        let name = name_of(&self.subjects[0]);
        match self.subjects.len() - 1 {
            0 => name,
            1 => format!("{name} and {}", name_of(&self.subjects[1])),
            others => format!("{name} and {others} others"),
        }
    }

    fn out(&self) -> PathBuf {
        let ending = if self.md { "md" } else { "html" };
        let named = || PathBuf::from(format!("{}.{ending}", name_of(&self.subjects[0])));
        self.out.clone().unwrap_or_else(named)
    }

    fn run_part(&self, folder: &Path) -> Result<RunPart, Failure> {
        let (summary, record) = open(folder)?;
        let inspected = self.inspect(folder);
        // A wrong option is no matter of the run.
        let inspected = match inspected {
            Err(Inspecting::Wrong(reason)) => return Err(Failure::sentence(reason)),
            Err(Inspecting::Failed(failure)) if self.set.is_given() => return Err(failure),
            Err(Inspecting::Failed(failure)) => Err(failure.in_words()),
            Ok(inspected) => Ok(inspected),
        };
        if let Err(reason) = &inspected {
            note(&format!("{}: without images: {reason}", folder.display()));
        }
        Ok(RunPart::new(summary, record, inspected))
    }

    fn inspect(&self, folder: &Path) -> Result<Inspected, Inspecting> {
        let mut trained = Trained::open(folder)?;
        let dataset = trained.dataset(&self.set)?;
        if !self.set.is_given() && dataset.identity() != trained.trained_on.sha256 {
            return Err(Inspecting::Failed(Failure::Input(eyre!(
                "{} has another SHA-256 than the data of the run; name its data with --data",
                dataset.name
            ))));
        }
        let looking = Looking {
            record: &trained.record.clone(),
            moment: trained.moment(),
            image: self.image,
        };
        let shown = dataset.clone();
        let inspected = trained.compute(|model| Inspected::of(model, shown, looking));
        let inspected = inspected.map_err(Inspecting::Wrong)?;
        let figures = &inspected.figures;
        trained.note_test_once(&dataset, figures.loss, figures.accuracy);
        Ok(inspected)
    }

    fn sweep(&self, folder: SweepFolder) -> Result<SweepPart, Failure> {
        let file = folder.text().map_err(Failure::input)?;
        let sweep = Coordinator::look(folder).map_err(Failure::input)?;
        let by = sweep
            .plan()
            .halving
            .map_or(Measure::default(), |halving| halving.by);
        let scored = sweep
            .trials()
            .filter_map(|(_, state)| Some((by.score(&state.best?), state.run.as_ref()?)));
        let best = scored.reduce(|best, other| if other.0 > best.0 { other } else { best });
        let best = best.map(|(_, run)| self.run_part(run)).transpose()?;
        Ok(SweepPart::new(&sweep, Findings::of(&sweep, by), best, file))
    }
}

/// Why a network was not inspected.
enum Inspecting {
    /// An option asks for what is not there.
    Wrong(String),
    /// Weights or data are missing.
    Failed(Failure),
}

impl From<Failure> for Inspecting {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

fn name_of(folder: &Path) -> String {
    let whole = std::path::absolute(folder);
    let whole = whole.as_deref().unwrap_or(folder);
    let name = whole
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "report".to_owned())
}

/// The folder of a Markdown file's pictures: never one that holds a run.
fn pictures_of(out: &Path) -> PathBuf {
    let name = out.file_stem().unwrap_or_default().to_string_lossy();
    out.with_file_name(format!("{name}-pictures"))
}

/// Writes the text, and its pictures beside it.
fn write_markdown(document: &crate::report::Document, out: &Path) -> Result<(), Failure> {
    let folder = pictures_of(out);
    let markdown = Markdown::of(document, &name_of(&folder));
    let made = std::fs::create_dir_all(&folder);
    made.map_err(|error| {
        let reason = crate::wording::reason_of(&error);
        Failure::Input(eyre!(
            "{}: cannot be made: {reason}; choose another path with --out",
            folder.display()
        ))
    })?;
    for (name, content) in &markdown.pictures {
        write_file(&folder.join(name), content)?;
    }
    write_file(out, markdown.text.as_bytes())?;
    note(&format!(
        "{} is written, with its pictures in {}",
        out.display(),
        folder.display()
    ));
    Ok(())
}
