//! Reports of runs and sweeps: what a report says is found out once, as a [`Document`] of plain data, and then written as one HTML page
//! ([`to_html`]) or as Markdown ([`Markdown`]).
//!
//! | file | contents |
//! |---|---|
//! | `document` | what a document consists of: sections of texts, tables, drawings and images |
//! | `html`, `markdown` | the writers |
//! | `run/` | the section of a run, one file for each of its parts |
//! | `comparison`, `paired`, `seeds` | several runs beside each other |
//! | `sweep` | a sweep: its trials and what its settings do |
//!
//! Whoever wants a report gives it what it has read: [`RunPart`]s with their networks [`Inspected`], and sweeps.

mod comparison;
mod document;
mod html;
mod images;
mod markdown;
mod paired;
mod run;
mod seeds;
mod sweep;

pub use comparison::{best, curves, differing};
pub use document::Document;
pub use html::{MOST_BYTES, to_html};
pub use markdown::Markdown;
pub use run::{Inspected, Looking, RunPart, confusion};
pub use seeds::{SeedGroup, have_seeds, mean_curves, means, seed_groups};
pub use sweep::{SweepPart, best_trials};

use comparison::comparison;
use document::Section;

/// The most runs that have a section of their own; all are in the comparison.
const MOST_SECTIONS: usize = 8;

/// The report of these runs and sweeps.
pub fn report(title: String, runs: &[RunPart], sweeps: &[SweepPart]) -> Document {
    let mut sections: Vec<Section> = sweeps.iter().map(SweepPart::section).collect();
    if runs.len() > 1 {
        sections.push(comparison(runs));
    }
    let best = sweeps.iter().filter_map(|sweep| sweep.best.as_ref());
    let own: Vec<&RunPart> = best.chain(runs.iter().take(MOST_SECTIONS)).collect();
    let mut document = Document::new(title);
    match own[..] {
        // A report of one run needs no heading above its parts.
        [run] if sections.is_empty() => {
            document.about = run.headline();
            document.sections = run.parts();
        }
        _ => {
            sections.extend(own.into_iter().map(RunPart::section));
            document.sections = sections;
        }
    }
    document
}
