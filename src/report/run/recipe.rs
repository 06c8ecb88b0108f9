//! How a run was trained.

use super::RunPart;
use crate::field::SettingRow;
use crate::picture::{Column, Entry, Table};
use crate::report::document::{Block, Section};
use crate::wording::counted;

/// What is always told, whether it is the default or not.
const ALWAYS: [&str; 4] = ["epochs", "batch_size", "optimizer", "validation"];

pub(super) fn section(run: &RunPart) -> Section {
    let record = &run.record;
    let recipe = &record.preset.training;
    let rows = recipe.settings();
    let is_told = |row: &&SettingRow| {
        ALWAYS.contains(&row.path.as_str())
            || row.path.starts_with("optimizer.")
            || row.value != row.field.default()
    };
    let told = table(
        format!(
            "Settings of {}; all others have their defaults",
            record.preset.name
        ),
        rows.iter().filter(is_told),
    );
    let all = table(String::new(), rows.iter());
    let mut blocks = vec![Block::Table(told)];
    blocks.extend(remarks(run));
    blocks.push(Block::Folded(
        format!("All {}, with their meaning", counted(rows.len(), "setting")),
        vec![Block::Table(all)],
    ));
    Section::new("Recipe", blocks)
}

fn table<'a>(caption: String, rows: impl Iterator<Item = &'a SettingRow>) -> Table {
    let columns = ["setting", "value", "meaning"].map(Column::text);
    let mut table = Table::new(caption, columns.to_vec());
    table.rows.extend(rows.map(|row| {
        let is_changed = row.value != row.field.default();
        vec![
            Entry::from(row.path.as_str()),
            Entry::from(row.field.shown(&row.value)).bold(is_changed),
            row.field.help.into(),
        ]
    }));
    table
}

/// What happened beside the settings.
fn remarks(run: &RunPart) -> Option<Block> {
    let record = &run.record;
    let recipe = &record.preset.training;
    let mut lines = Vec::new();
    lines.extend(recipe.corrections.as_ref().map(ToString::to_string));
    if let Some(from) = recipe
        .transfer
        .as_ref()
        .and_then(|transfer| transfer.from.as_ref())
    {
        lines.push(format!(
            "It started from the weights of {}.",
            from.display()
        ));
    }
    if let Some(kept) = &record.kept {
        lines.push(format!("It kept weights of {}.", kept.from));
    }
    if let Some(then) = &record.then {
        lines.push(format!("It was the pretraining of {}.", then.preset.name));
    }
    if !recipe.plan.is_empty() {
        lines.push(format!(
            "{} planned; the preset below lists what changes.",
            counted(recipe.plan.len(), "change")
        ));
    }
    lines.extend(record.continued.iter().map(|later| {
        format!(
            "After epoch {} it was continued to epoch {} on {}{}.",
            later.after_epoch,
            later.epochs,
            later.data.name,
            match &later.recipe {
                Some(_) => ", with other settings",
                None => "",
            }
        )
    }));
    for epoch in &run.summary.history {
        let changes = epoch.changes.iter();
        lines.extend(changes.map(|change| format!("In epoch {}: {change}.", epoch.epoch)));
    }
    (!lines.is_empty()).then_some(Block::List(lines))
}
