//! The lists that the pane opens.

use super::page::NUMBERS;
use super::{ViewPane, draw};
use crate::data::{DatasetSummary, Mark, SplitName};
use crate::lab::Lab;
use crate::overlays::{Entry, List};
use crate::ui::format::count;

/// The loaded sets.
pub(super) fn sets(lab: &mut Lab) {
    let list = List::new("Choose a data set", |lab: &Lab| {
        let sets = lab.sets.iter().enumerate();
        sets.map(|(position, set)| {
            let detail = format!("{} images of {}", set.sizes(), set.shape);
            Entry::new(&set.name, detail, move |lab| lab.choose_set(position))
        })
        .collect()
    })
    .hint("type to search; o on the Data pane opens more sets")
    .size(72, None)
    .at(lab.chosen.unwrap_or(0));
    lab.open(list);
}

/// The training images of the chosen set that are excluded or relabelled; choosing one shows it.
pub(super) fn marks(lab: &mut Lab) {
    let list = List::new("Marked training images", |lab: &Lab| {
        let set = lab.chosen_set().map_or("", |set| set.name.as_str());
        let marks = lab.corrections.of(set).iter();
        marks
            .map(|marked| {
                let class = |class: u16| lab.class_name(class.into());
                let becomes = match marked.mark {
                    Mark::LeftOut => "excluded".to_owned(),
                    Mark::Becomes(right) => format!("relabelled {}", class(right)),
                };
                let (image, was) = (marked.image, class(marked.was));
                let name = format!("image {}", count(image));
                Entry::new(name, format!("{was}: {becomes}"), move |lab| {
                    lab.then(move |pane: &mut ViewPane, _| pane.show_image(image));
                })
            })
            .collect()
    })
    .hint("type to search; s on the Results pane adds and removes marks")
    .verb("show")
    .size(72, None);
    lab.open(list);
}

/// All classes, or one of them.
pub(super) fn classes(pane: &ViewPane, lab: &mut Lab) {
    let list =
        List::new("Choose a class", class_entries).at(pane.class.map_or(0, |class| class + 1));
    let set = lab.chosen_set();
    lab.open(match set.and_then(DatasetSummary::validation_len) {
        // Three counts need more room than two.
        Some(_) => list.size(60, None),
        None => list,
    });
}

fn class_entries(lab: &Lab) -> Vec<Entry> {
    let Some(set) = lab.chosen_set() else {
        return Vec::new();
    };
    let entry = |name: String, of: &dyn Fn(&[usize]) -> usize, class| {
        let splits = set.splits().map(|(split, counts)| {
            let split = match split {
                SplitName::Train => "train",
                SplitName::Validation => "val",
                SplitName::Test => "test",
            };
            format!("{} {split}", count(of(counts)))
        });
        let detail = splits.collect::<Vec<_>>().join(", ");
        Entry::new(name, detail, move |lab| {
            lab.then(move |pane: &mut ViewPane, _| pane.show_class(class));
        })
    };
    let classes = set.class_names.iter().enumerate();
    let classes = classes.map(|(class, name)| {
        let of_class = |counts: &[usize]| counts[class];
        entry(format!("{class}  {name}"), &of_class, Some(class))
    });
    let of_all = |counts: &[usize]| counts.iter().sum();
    let all = entry("all classes".to_owned(), &of_all, None);
    std::iter::once(all).chain(classes).collect()
}

/// As many images as fit, or a square number of them.
pub(super) fn numbers(pane: &ViewPane, lab: &mut Lab) {
    let squares = || NUMBERS.map(|side| side * side);
    let at = pane.number.map_or(0, |number| {
        let position = squares().position(|square| square >= number);
        position.map_or(0, |at| at + 1)
    });
    let list = List::new("Images per page", move |lab: &Lab| {
        let numbers = std::iter::once(None).chain(squares().map(Some));
        let entries = numbers.map(|number| {
            let name = number.map_or("as many as fit".to_owned(), |number| number.to_string());
            Entry::new(name, draw::foretold(lab, number), move |lab| {
                lab.then(move |pane: &mut ViewPane, _| pane.set_number(number));
            })
        });
        entries.collect()
    })
    .size(60, None)
    .at(at);
    lab.open(list);
}
