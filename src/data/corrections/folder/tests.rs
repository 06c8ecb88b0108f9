//! Corrections as files, and what they make of a set.

use std::sync::Arc;

use super::*;
use crate::data::{Parts, Pixels, Source, Split};
use crate::shape::Shape;

/// Six training images of three classes, by turns.
fn dataset(names: [&str; 3]) -> Arc<Dataset> {
    let split = |images: u8| {
        let labels = (0..images).map(|image| u16::from(image % 3)).collect();
        Split::new(
            Shape::new(1, 1, 1),
            Pixels::U8((0..images).collect()),
            labels,
        )
    };
    let dataset = Dataset::new(Parts {
        name: "my clothes".to_owned(),
        source: Source::Digits,
        class_names: names.map(str::to_owned).to_vec(),
        train: split(6),
        test: split(3),
        validation: None,
    });
    Arc::new(dataset.unwrap())
}

fn clothes() -> Arc<Dataset> {
    dataset(["Shirt", "Coat", "Bag"])
}

#[test]
fn marks_are_kept_changed_and_taken_back() {
    let root = tempfile::tempdir().unwrap();
    let folder = CorrectionsFolder::at(root.path().join("corrections"));
    let set = clothes();
    assert!(folder.is_empty());
    assert_eq!(folder.load(&set), Ok(None));
    folder.mark(&set, 4, Some(Mark::LeftOut)).unwrap();
    let kept = folder.mark(&set, 0, Some(Mark::Becomes(1))).unwrap();
    assert_eq!(folder.load(&set).unwrap().as_ref(), Some(&kept));
    let file = kept.from.clone().unwrap();
    let name = file.file_name().unwrap().to_str().unwrap();
    assert_eq!(name, format!("my-clothes-{}.yaml", &set.identity()[..12]));
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = text.lines().skip(2).collect();
    assert_eq!(
        lines,
        [
            "data: my clothes",
            &format!("sha256: {}", set.identity()),
            "exclude:",
            "- image: 4",
            "  was: Coat",
            "relabel:",
            "- image: 0",
            "  was: Shirt",
            "  becomes: Coat",
        ]
    );

    // A set that was renamed finds its file; what was excluded can get another label.
    let renamed = Arc::new(set.renamed("other".to_owned()));
    let kept = folder.mark(&renamed, 4, Some(Mark::Becomes(2))).unwrap();
    assert_eq!(kept.from.as_ref(), Some(&file));
    let marks = Marks::from([(0, Mark::Becomes(1)), (4, Mark::Becomes(2))]);
    assert_eq!(kept.marks(&set), Ok(marks));

    // Its own class takes a label back, and nothing a mark.
    folder.mark(&set, 4, Some(Mark::Becomes(1))).unwrap();
    let kept = folder.mark(&set, 0, None).unwrap();
    assert!(kept.is_empty());
    // The file goes with the last mark, and a run that had it does not bring it back.
    assert_eq!(folder.load(&set), Ok(None));
    let left = fs::read_dir(root.path().join("corrections")).unwrap();
    assert_eq!(left.count(), 0);
    let said = Corrections {
        from: Some(file),
        ..Corrections::new(&set, &Marks::from([(4, Mark::LeftOut)]))
    };
    assert_eq!(folder.for_training(&set, Some(said.clone())), Ok(None));
    let elsewhere = Some(Corrections {
        from: Some(root.path().join("mine.yaml")),
        ..said
    });
    assert_eq!(folder.for_training(&set, elsewhere.clone()), Ok(elsewhere));
}

#[test]
fn digits_are_classes_by_their_numbers() {
    let root = tempfile::tempdir().unwrap();
    let folder = CorrectionsFolder::at(root.path());
    let set = dataset(["7", "8", "9"]);
    let kept = folder.mark(&set, 0, Some(Mark::Becomes(2))).unwrap();
    assert_eq!(kept.relabel[0].becomes.to_string(), "9");
    let file = kept.from.unwrap();
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace('\'', "")).unwrap();
    let read = folder.load(&set).unwrap().unwrap();
    assert_eq!(read.marks(&set).unwrap()[&0], Mark::Becomes(2));
    assert!(text.contains("becomes: '9'"), "{text}");
}

#[test]
fn what_cannot_be_right_is_named() {
    let root = tempfile::tempdir().unwrap();
    let set = clothes();
    let file = root.path().join("mine.yaml");
    let problem = |sha256: &str, lines: &str| {
        let text = format!("data: my clothes\nsha256: {sha256}\n{lines}");
        fs::write(&file, text).unwrap();
        let read = Corrections::read(&file);
        read.and_then(|corrections| corrections.marks(&set))
            .unwrap_err()
    };
    let other = problem("0123456789abcdef", "exclude: [{image: 1, was: Coat}]");
    let short = &set.identity()[..12];
    assert_eq!(
        other,
        format!(
            "the corrections are for my clothes (SHA-256 0123456789ab…), but my clothes from drawn from typefaces has other images or \
             labels (SHA-256 {short}…); choose the matching set, or omit the corrections"
        )
    );
    let place = file.display();
    for (lines, expected) in [
        (
            "exclude: [{image: 6, was: Coat}]",
            "exclude: image 6: my clothes has 6 training images, numbered from 0 to 5".to_owned(),
        ),
        (
            "relabel: [{image: 1, was: Coat, becomes: Shrit}]",
            "relabel: image 1: my clothes has no class `Shrit`; did you mean Shirt?".to_owned(),
        ),
        (
            "relabel: [{image: 1, was: Coat, becomes: 3}]",
            "relabel: image 1: my clothes has no class `3`; its classes are Shirt, Coat, Bag"
                .to_owned(),
        ),
        (
            "exclude: [{image: 1, was: Coat}, {image: 1, was: Coat}]",
            "exclude: image 1: duplicate image; keep one of its lines".to_owned(),
        ),
        (
            "exclude: [{image: 1, was: Coat}]\nrelabel: [{image: 1, was: Coat, becomes: Bag}]",
            "relabel: image 1: duplicate image; keep one of its lines".to_owned(),
        ),
        (
            "exclude: [{image: 1, was: Bag}]",
            "exclude: image 1: expected the class Bag, but in my clothes it is Coat; correct the number or the class".to_owned(),
        ),
        (
            "relabel: [{image: 1, was: 1, becomes: Coat}]",
            "relabel: image 1: its class is already Coat; choose another class, or delete the line".to_owned(),
        ),
        (
            "exclude: [{image: 0, was: 0}, {image: 1, was: 1}, {image: 2, was: 2}, {image: 3, was: 0}, {image: 4, was: 1}, {image: 5, was: 2}]",
            "every training image of my clothes is excluded; keep some to train on".to_owned(),
        ),
        (
            "exlude: [{image: 1, was: Coat}]",
            format!("{place}: line 3: unknown key `exlude`; the nearest known one is `exclude`"),
        ),
    ] {
        assert_eq!(problem(set.identity(), lines), expected);
    }
    let missing = Corrections::read(&root.path().join("none.yaml")).unwrap_err();
    assert!(missing.ends_with("none.yaml: no such file of corrections"));
}

#[test]
fn a_file_that_is_wrong_is_left_as_it_is() {
    let root = tempfile::tempdir().unwrap();
    let folder = CorrectionsFolder::at(root.path());
    let set = clothes();
    let file = folder.mark(&set, 1, Some(Mark::LeftOut)).unwrap().from;
    let file = file.unwrap();
    let wrong = fs::read_to_string(&file).unwrap().replace("Coat", "Coot");
    fs::write(&file, &wrong).unwrap();
    let refused = folder.mark(&set, 2, Some(Mark::LeftOut)).unwrap_err();
    assert!(
        refused.starts_with(&file.display().to_string()),
        "{refused}"
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), wrong);
    for (image, mark) in [(6, Mark::LeftOut), (0, Mark::Becomes(3))] {
        assert!(folder.mark(&set, image, Some(mark)).is_err());
    }
}

#[test]
fn a_corrected_set_has_its_labels_and_is_the_same_set() {
    let set = clothes();
    let marks = Marks::from([
        (0, Mark::Becomes(2)),
        (3, Mark::LeftOut),
        (4, Mark::LeftOut),
    ]);
    let corrections = Corrections::new(&set, &marks);
    assert_eq!(
        corrections.to_string(),
        "2 training images excluded, 1 relabelled"
    );
    let corrected = set.corrected(Some(&corrections)).unwrap();
    assert_eq!(corrected.train().labels(), [2, 1, 2, 0, 1, 2]);
    assert_eq!(corrected.left_out(), [3, 4]);
    assert_eq!(corrected.original_train().labels(), set.train().labels());
    assert_eq!(corrected.test(), set.test());
    assert!(corrected.shares_images_with(&set));
    assert_eq!(
        corrected.renamed("copy".to_owned()).identity(),
        set.identity()
    );
    // Again and back: from the labels that it came with each time.
    let again = corrected.corrected(Some(&corrections)).unwrap();
    assert_eq!(again.train(), corrected.train());
    let back = corrected.corrected(None).unwrap();
    assert_eq!((back.train(), back.left_out()), (set.train(), &[][..]));
    // Those of another set say nothing of this one.
    let other = Corrections {
        sha256: "00".to_owned(),
        ..corrections
    };
    assert!(Arc::ptr_eq(&set.corrected(Some(&other)).unwrap(), &set));
}
