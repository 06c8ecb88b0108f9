//! How to repeat a run: its preset, and the commands that train it from that.

use super::RunPart;
use crate::data::{STARTER_SUFFIX, as_file_name, is_known_name, names_of};
use crate::report::document::{Block, Section};
use crate::runs::{DataIdentity, RunRecord};
use crate::training::{Preset, plain_name};
use crate::wording::counted;

pub(super) fn section(run: &RunPart) -> Section {
    let record = &run.record;
    let version = &record.version;
    let instructions = match record.vector_instructions.as_str() {
        "" => "the same vector instructions".to_owned(),
        name => format!("the vector instructions of this run ({name})"),
    };
    let mut blocks = vec![Block::Text(format!(
        "With convscope {version} these commands train the same network: with the seed {}, with any number of threads, and to the bit with \
         {instructions}.",
        record.seed
    ))];
    let hindrances = hindrances(run);
    if !hindrances.is_empty() {
        blocks.push(Block::Remark(
            "The commands alone do not repeat this run exactly:".to_owned(),
        ));
        blocks.push(Block::List(hindrances));
    }
    let data = &record.data;
    blocks.push(Block::Text(data_in_words(data)));
    blocks.push(Block::Code(commands(record)));
    Section::new("How to repeat it", blocks)
}

/// Where the data are from.
fn data_in_words(data: &DataIdentity) -> String {
    let name = &opened_by(data);
    let from = if name.ends_with(STARTER_SUFFIX) {
        "It is built into the program".to_owned()
    } else if is_known_name(name) {
        format!("`convscope data fetch {name}` downloads it, unless it is on the machine already")
    } else {
        format!("The run read it from {}", data.source)
    };
    format!(
        "The data set is {} with the SHA-256 {}. {from}; `convscope data info` prints the SHA-256 of a set.",
        data.name, data.sha256
    )
}

/// What opens the data: on any machine, if it is all of a known set.
fn opened_by(data: &DataIdentity) -> String {
    let names = names_of(&data.choice, &data.sha256);
    names.into_iter().next().unwrap_or_default()
}

/// What the commands do not say.
fn hindrances(run: &RunPart) -> Vec<String> {
    let (record, history) = (&run.record, &run.summary.history);
    let recipe = &record.preset.training;
    let mut found = Vec::new();
    if let Some(transfer) = &recipe.transfer
        && let Some(from) = &transfer.from
    {
        found.push(format!(
            "It started from the weights of another run, {}.",
            from.display()
        ));
    }
    if let Some(kept) = &record.kept {
        found.push(format!(
            "It kept weights of {} when its network was edited in the lab.",
            kept.from
        ));
    }
    if record.then.is_some() {
        found.push(
            "It is the first of two runs; train the second one, which names its pretraining."
                .to_owned(),
        );
    }
    if !record.continued.is_empty() {
        found.push(format!(
            "It was continued {}; the recipe above says how.",
            counted(record.continued.len(), "time")
        ));
    }
    let changed = history
        .iter()
        .filter(|epoch| !epoch.changes.is_empty())
        .count();
    if changed > 0 {
        found.push(format!(
            "It was changed in {}; the recipe above says how.",
            counted(changed, "epoch")
        ));
    }
    let planned = run.summary.planned_epochs;
    if history.len() < planned && recipe.early_stopping.patience.is_none() {
        found.push(format!(
            "It has {} of {planned} so far: compare the same epochs.",
            counted(history.len(), "epoch")
        ));
    }
    found
}

/// The lines for a shell. A built-in preset that was not changed needs no file.
fn commands(record: &RunRecord) -> String {
    let preset = &record.preset;
    let data = match opened_by(&record.data) {
        name if name.is_empty() => quoted(record.data.opened_by(preset)),
        name => quoted(&name),
    };
    let seed = record.seed;
    if is_built_in(preset) {
        return format!(
            "convscope train {} --data {data} --seed {seed}",
            preset.name
        );
    }
    let name = as_file_name(plain_name(&preset.name), 60, "_-");
    let text = preset.to_yaml();
    // A line that the file does not have.
    let mut end = "END".to_owned();
    while text.lines().any(|line| line == end) {
        end.push('_');
    }
    format!(
        "cat > {name}.yaml <<'{end}'\n{text}{end}\nconvscope train {name}.yaml --data {data} --seed {seed}"
    )
}

/// Whether the program has this preset, apart from data and seed.
fn is_built_in(preset: &Preset) -> bool {
    Preset::built_in(&preset.name).is_some_and(|own| {
        let same = Preset {
            data: preset.data.clone(),
            seed: preset.seed,
            expect: preset.expect,
            ..own.clone()
        };
        same == *preset
    })
}

/// As one word of a shell.
fn quoted(text: &str) -> String {
    let is_plain =
        |character: char| character.is_ascii_alphanumeric() || "/._-+:@%".contains(character);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_one_word() {
        for (text, word) in [
            ("fashion-mnist", "fashion-mnist"),
            ("/my data/a.npz", "'/my data/a.npz'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
            ("$HOME;", "'$HOME;'"),
        ] {
            assert_eq!(quoted(text), word);
        }
    }

    #[test]
    fn only_what_the_program_has_needs_no_file() {
        let mut preset = Preset::open("fashion-conv1").unwrap();
        preset.seed = 7;
        preset.data = Some("mnist".to_owned());
        assert!(is_built_in(&preset));
        preset.training.batch_size += 1;
        assert!(!is_built_in(&preset));
    }
}
