//! Folders of images as people have them: halves under any usual names, one folder too deep, with a file of labels, without images.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use convscope::data::formats::IMAGES;
use convscope::data::{
    Dataset, ImageOptions, LoadOptions, Located, Places, Progress, Source, locate_in,
};
use tempfile::TempDir;

use crate::images::{grey, load, load_with, other_notes as note};

/// Images of these classes below `place`, with levels from 1.
fn classes(root: &Path, place: &str, classes: &[&str], images: u8) {
    for (number, class) in (1..).zip(classes) {
        for image in 0..images {
            let path = root.join(place).join(class).join(format!("{image}.png"));
            grey(&path, 2, 3, 10 * number + image);
        }
    }
}

const PETS: &[&str] = &["cat", "dog", "owl"];

fn not_found(folder: &Path) -> String {
    let located = locate_in(&Places::default(), folder.to_str());
    located.unwrap_err().to_string()
}

#[test]
fn halves_have_any_usual_names() {
    for (train, test, expected) in [
        ("Train", "Test", ""),
        ("Training", "Testing", ""),
        ("training_set", "test_set", ""),
        ("train-images", "TEST IMAGES", ""),
        ("traindata", "test.data", ""),
        ("train", "val", "test images are those of val/"),
        ("train", "Valid", "test images are those of Valid/"),
        (
            "TRAIN",
            "validation_set",
            "test images are those of validation_set/",
        ),
    ] {
        let folder = TempDir::new().unwrap();
        classes(folder.path(), train, PETS, 4);
        classes(folder.path(), test, PETS, 2);
        let set = load(folder.path()).unwrap();
        assert_eq!(set.class_names(), PETS, "{train} {test}");
        assert_eq!(set.train().class_counts(3), [4; 3], "{train} {test}");
        assert_eq!(set.test().class_counts(3), [2; 3], "{train} {test}");
        assert_eq!(note(&set), expected);
    }
}

#[test]
fn classes_may_be_called_like_parts_of_a_set() {
    let folder = TempDir::new().unwrap();
    classes(folder.path(), "", &["train", "ship"], 5);
    let set = load(folder.path()).unwrap();
    assert_eq!(set.class_names(), ["ship", "train"]);
}

#[test]
fn test_images_are_those_of_test_where_there_are_three_parts() {
    let folder = TempDir::new().unwrap();
    for (part, images) in [("train", 4), ("val", 3), ("test", 2)] {
        classes(folder.path(), part, PETS, images);
    }
    let set = load(folder.path()).unwrap();
    assert_eq!(set.train().class_counts(3), [4; 3]);
    assert_eq!(set.test().class_counts(3), [2; 3]);
    assert_eq!(set.validation().unwrap().class_counts(3), [3; 3]);
    assert_eq!(note(&set), "");
}

#[test]
fn test_images_without_class_folders_are_told() {
    let folder = TempDir::new().unwrap();
    classes(folder.path(), "train", PETS, 4);
    for image in 0..5 {
        grey(
            &folder.path().join(format!("test/{image}.png")),
            2,
            3,
            image,
        );
    }
    let error = load(folder.path()).unwrap_err();
    let train = folder.path().join("train");
    assert_eq!(
        error,
        format!(
            "{}: holds 5 images without class folders; move them into class folders as in {train}, or open {train} alone, of which a share becomes the test set",
            folder.path().join("test").display(),
            train = train.display(),
        )
    );
    assert_eq!(load(&train).unwrap().class_names(), PETS);

    // Images for validation that have labels are there to test with.
    classes(folder.path(), "valid", PETS, 2);
    let set = load(folder.path()).unwrap();
    assert_eq!(set.test().class_counts(3), [2; 3]);
    assert_eq!(
        note(&set),
        "test/ is not used, since its images have no class folders; test images are those of valid/"
    );
}

#[test]
fn folders_without_images_are_no_classes() {
    let folder = TempDir::new().unwrap();
    let at = |path: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    };
    classes(folder.path(), "", PETS, 5);
    fs::create_dir(at("zebra")).unwrap();
    fs::write(at("masks/readme.txt"), "none").unwrap();
    grey(&at("__MACOSX/cat/a.png"), 2, 3, 0);
    fs::write(at("__MACOSX/cat/._0.png"), "icon").unwrap();
    fs::write(at("cat/._0.png"), "icon").unwrap();
    grey(&at(".hidden/a.png"), 2, 3, 0);
    fs::write(at("cat/.DS_Store"), "").unwrap();
    let set = load(folder.path()).unwrap();
    assert_eq!(set.class_names(), PETS);
    assert_eq!(
        note(&set),
        "masks and zebra have no images and are no classes"
    );

    // Nor are they in a half.
    let folder = TempDir::new().unwrap();
    classes(folder.path(), "train", PETS, 4);
    classes(folder.path(), "test", &PETS[..2], 2);
    grey(&folder.path().join("test/__MACOSX/a.png"), 2, 3, 0);
    for empty in ["train/zebra", "test/owl"] {
        fs::create_dir(folder.path().join(empty)).unwrap();
    }
    let set = load(folder.path()).unwrap();
    assert_eq!(set.class_names(), PETS);
    assert_eq!(
        note(&set),
        "zebra in train/ has no images and is no class; owl in test/ has no images and is no class; no test images of owl"
    );
}

#[test]
fn a_class_that_lost_all_its_images_is_told() {
    let folder = TempDir::new().unwrap();
    classes(folder.path(), "train", PETS, 2);
    classes(folder.path(), "test", PETS, 1);
    for image in 0..2 {
        let path = folder.path().join(format!("train/dog/{image}.png"));
        fs::write(path, "").unwrap();
    }
    let set = load(folder.path()).unwrap();
    assert_eq!(set.train().class_counts(3), [2, 0, 2]);
    assert_eq!(
        note(&set),
        "skipped 2 files that cannot be read as images: train/dog/0.png (the file is empty), train/dog/1.png (the file is empty); no training images of dog"
    );
}

#[test]
fn a_half_without_any_readable_image_is_an_error_with_the_reason() {
    let folder = TempDir::new().unwrap();
    classes(folder.path(), "train", PETS, 2);
    fs::create_dir_all(folder.path().join("test/cat")).unwrap();
    fs::write(
        folder.path().join("test/cat/0.heic"),
        b"\0\0\0\x18ftypheic\0\0\0\0",
    )
    .unwrap();
    let error = load(folder.path()).unwrap_err();
    assert!(
        error.ends_with(
            "test images: expected at least one image that can be read, found none; skipped 1 file that cannot be read as an image: \
             test/cat/0.heic (HEIC and AVIF are not read; convert it to PNG or JPEG); choose another folder"
        ),
        "{error}"
    );
}

#[test]
fn a_class_that_is_only_tested_is_named_with_the_classes_there_are() {
    let folder = TempDir::new().unwrap();
    classes(folder.path(), "Training", PETS, 2);
    classes(folder.path(), "Testing", &["cow"], 1);
    let error = load(folder.path()).unwrap_err();
    assert!(
        error.ends_with(
            "Testing/cow: expected one of the 3 classes in Training/ (cat, dog and owl), found another one; rename it, or add it to Training/"
        ),
        "{error}"
    );
}

#[test]
fn one_folder_too_deep_is_opened_and_told() {
    let folder = TempDir::new().unwrap();
    classes(folder.path(), "pets", PETS, 5);
    fs::write(folder.path().join("README"), "").unwrap();
    grey(&folder.path().join("__MACOSX/pets/a.png"), 2, 3, 0);
    let set = load(folder.path()).unwrap();
    assert_eq!(set.class_names(), PETS);
    assert_eq!(note(&set), "opened pets/, the only folder in it");
    // The same path opens it again.
    assert!(matches!(set.source(), Source::At(_, path, _) if path == folder.path()));

    let folder = TempDir::new().unwrap();
    classes(folder.path(), "archive/data/pets", PETS, 5);
    assert_eq!(load(folder.path()).unwrap().class_names(), PETS);

    let folder = TempDir::new().unwrap();
    classes(folder.path(), "pets/train", PETS, 5);
    classes(folder.path(), "pets/test", PETS, 1);
    let set = load(folder.path()).unwrap();
    assert_eq!(set.test().class_counts(3), [1; 3]);
    assert_eq!(note(&set), "opened pets/, the only folder in it");

    let folder = TempDir::new().unwrap();
    for class in PETS {
        classes(folder.path(), class, &["batch1"], 5);
    }
    let set = load(folder.path()).unwrap();
    assert_eq!(set.class_names(), PETS);
    assert_eq!(set.train().class_counts(3), [4; 3]);
    assert_eq!(
        note(&set),
        "the images of cat, dog and owl are one folder deeper"
    );
}

#[test]
fn a_folder_that_is_no_set_names_the_nearest_one() {
    let folder = TempDir::new().unwrap();
    classes(folder.path(), "sets/pets", PETS, 2);
    classes(folder.path(), "sets/other", PETS, 2);
    classes(folder.path(), "more", &[""], 2);
    let error = not_found(&folder.path().join("sets"));
    let other = folder.path().join("sets/other");
    let advice = format!(
        "found a folder with 12 images in its folders; choose {} instead",
        other.display()
    );
    assert!(error.contains(&advice), "{error}");

    let error = not_found(&folder.path().join("more"));
    assert!(
        error.contains("2 images in it have no class: put images into one folder per class"),
        "{error}"
    );

    let folder = TempDir::new().unwrap();
    classes(folder.path(), "", &["cat"], 2);
    fs::create_dir(folder.path().join("dog")).unwrap();
    let error = not_found(folder.path());
    assert!(
        error.contains(
            "cat is its only folder with images; a set needs one per class, and at least 2 classes"
        ),
        "{error}"
    );

    // Halves whose images have no class folders are no classes.
    let folder = TempDir::new().unwrap();
    classes(folder.path(), "", &["train", "test"], 2);
    not_found(folder.path());
}

#[test]
fn tiny_folders_give_a_test_image_of_each_class_or_say_what_is_missing() {
    let folder = |images: u8| {
        let folder = TempDir::new().unwrap();
        classes(folder.path(), "", PETS, images);
        folder
    };
    let options = |test_share| ImageOptions {
        test_share,
        ..ImageOptions::default()
    };
    for (images, share, tested) in [(2, 0.2, 1), (3, 0.1, 1), (2, 0.9, 1), (10, 0.2, 2)] {
        let set = load_with(folder(images).path(), options(share)).unwrap();
        assert_eq!(
            set.test().class_counts(3),
            [tested; 3],
            "{share} of {images}"
        );
    }
    for (images, share, expected) in [
        (
            10,
            0.0,
            "test images: expected at least one image, found none: a test share of 0 takes none of 30 images; set another share with --test-share",
        ),
        (
            2,
            1.0,
            "training images: expected at least one image, found none: a test share of 1 takes all of 6 images",
        ),
        (
            1,
            0.2,
            "a test share of 0.2 takes none of 3 images; set another share with --test-share, or test_share on the screen, or add images",
        ),
    ] {
        let error = load_with(folder(images).path(), options(share)).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn the_test_share_is_told_and_is_one_of_the_images_that_can_be_read() {
    let folder = TempDir::new().unwrap();
    classes(folder.path(), "", &["cat", "dog"], 10);
    let divided = |seed| {
        let options = ImageOptions {
            seed,
            ..ImageOptions::default()
        };
        load_with(folder.path(), options).unwrap()
    };
    let whole = divided(1);
    assert_eq!(
        whole.summary().note,
        "4 of 20 images are test images: 20 % of each class, seed 1"
    );
    assert_ne!(whole.identity(), divided(2).identity());
    // Whichever are damaged: half of the dogs, test images among them, and all of what was a test image of the cats.
    for image in [0, 2, 3, 6, 9] {
        fs::write(folder.path().join(format!("dog/{image}.png")), "").unwrap();
    }
    let damaged = divided(1);
    assert_eq!(damaged.train().class_counts(2), [8, 4]);
    assert_eq!(damaged.test().class_counts(2), [2, 1]);
    let note = damaged.summary().note;
    assert!(
        note.starts_with(
            "3 of 15 images are test images: 20 % of each class, seed 1; skipped 5 files"
        ),
        "{note}"
    );
    for image in [0, 2, 3, 6, 9] {
        fs::remove_file(folder.path().join(format!("dog/{image}.png"))).unwrap();
    }
    assert_eq!(divided(1).identity(), damaged.identity());
}

/// As in Kaggle's competitions, with a folder of images to predict.
#[test]
fn a_table_called_like_the_folder_of_images_names_their_classes() {
    for (table, images, id) in [
        ("train.csv", "train", "img0"),
        ("train.csv", "train", "img0.png"),
        ("train.csv", "train_images", "img0.png"),
        ("trainLabels.csv", "train", "img0"),
        ("train_labels.csv", "train", "img0"),
    ] {
        let folder = flat(images);
        let lines = (0..10).map(|image| {
            let id = id.replace('0', &image.to_string());
            format!("{id},{}\n", class(image))
        });
        let text = format!("id,label\n{}", lines.collect::<String>());
        fs::write(folder.path().join(table), &text).unwrap();
        fs::write(folder.path().join("sample_submission.csv"), "id,label\n").unwrap();
        let expected = [vec![6, 7, 8, 9], vec![0, 1, 2, 3, 4, 5]];
        let set = load(folder.path()).unwrap_or_else(|error| panic!("{table}: {error}"));
        assert_eq!(set.class_names(), ["cat", "dog"], "{table}");
        assert_eq!(
            (levels(&set), note(&set)),
            (expected.to_vec(), String::new())
        );
        // The table is a part of it.
        let alone = not_found(&folder.path().join(table));
        let advice = format!("choose its folder {} instead", folder.path().display());
        assert!(alone.contains(&advice), "{alone}");

        grey(&folder.path().join("test/a.png"), 2, 3, 7);
        let set = load(folder.path()).unwrap();
        assert_eq!(levels(&set), expected, "{table}");
        assert_eq!(
            note(&set),
            "test/ is not used, since its images have no labels"
        );
    }
}

#[test]
fn classes_may_be_in_the_names_of_images() {
    let folder = TempDir::new().unwrap();
    let image = |name: &str, level| grey(&folder.path().join(name), 2, 3, level);
    for number in 0..6 {
        image(&format!("train/cat.{number}.png"), number);
        image(&format!("train/hot dog.{number}.png"), 10 + number);
        image(&format!("test1/{number}.png"), 100);
    }
    let set = load(folder.path()).unwrap();
    assert_eq!(set.class_names(), ["cat", "hot dog"]);
    assert_eq!(
        levels(&set),
        [(0..6).collect::<Vec<u8>>(), (10..16).collect()]
    );
    let told = "classes are those in the files' names: cat and hot dog";
    assert_eq!(
        note(&set),
        format!("{told}; test1/ is not used, since its images have no classes in their names")
    );
    let train = load(&folder.path().join("train")).unwrap();
    assert_eq!(
        (note(&train), train.identity()),
        (told.to_owned(), set.identity())
    );
    // Only where all names have a class, and two classes have several images.
    image("train/photo.png", 9);
    assert!(not_found(&folder.path().join("train")).contains("13 images in it have no class"));
    for names in [
        &["a.1.png", "a.2.png", "b.1.png"][..],
        &["IMG.1.png", "IMG.2.png"],
        &["1.1.png", "1.2.png", "2.1.png", "2.2.png"],
        &["a.1.png", "a.2.png", "b.x.png", "b.y.png"],
    ] {
        let folder = TempDir::new().unwrap();
        for name in names {
            grey(&folder.path().join(name), 2, 3, 1);
        }
        assert!(
            not_found(folder.path()).contains("in it have no class"),
            "{names:?}"
        );
    }
}

#[test]
fn a_range_of_pixels_is_refused_for_images() {
    let folder = TempDir::new().unwrap();
    classes(folder.path(), "", PETS, 5);
    let options = ImageOptions {
        pixels: Some((0.0, 16.0)),
        ..ImageOptions::default()
    };
    let error = load_with(folder.path(), options).unwrap_err();
    assert_eq!(
        error,
        format!(
            "{}: which levels of these images are black and white is known, so that --pixels changes nothing; leave it out, or set it to auto",
            folder.path().display()
        )
    );
}

/// Images without class folders, `img0.png` to `img9.png`, level = number.
fn flat(place: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    for image in 0..10 {
        grey(
            &folder.path().join(place).join(format!("img{image}.png")),
            2,
            3,
            image,
        );
    }
    folder
}

/// The levels of each class, of training and test images together.
fn levels(set: &Dataset) -> Vec<Vec<u8>> {
    let mut levels = vec![Vec::new(); set.classes()];
    for split in [set.train(), set.test()] {
        for (image, label) in split.labels().iter().enumerate() {
            levels[usize::from(*label)].push(split.image_u8(image)[0]);
        }
    }
    levels.iter_mut().for_each(|levels| levels.sort_unstable());
    levels
}

#[test]
fn a_file_of_labels_names_the_class_of_each_image() {
    let lines = |line: fn(usize) -> String| (0..10).map(line).collect::<String>();
    for (place, name, text) in [
        (
            "",
            "labels.csv",
            lines(|image| format!("img{image}.png,{}\n", class(image))),
        ),
        (
            "",
            "Labels.CSV",
            format!(
                "file,class\n{}",
                lines(|image| format!("img{image}.png,{}\n", class(image)))
            ),
        ),
        (
            "",
            "labels.csv",
            format!(
                "\u{feff}id;breed\r\n{}",
                lines(|image| format!("img{image};{}\r\n", class(image)))
            ),
        ),
        (
            "",
            "labels.csv",
            format!(
                "label\tfilename\n{}",
                lines(|image| format!("{}\timg{image}.png\n", class(image)))
            ),
        ),
        (
            "",
            "labels.csv",
            format!(
                "number,width,image,label\n{}",
                lines(|image| format!("{image},3,\"img{image}.png\",\"{}\"\n", class(image)))
            ),
        ),
        (
            "images",
            "labels.csv",
            lines(|image| format!("./img{image}.png,{}\n", class(image))),
        ),
        // A number is no file where a column has files.
        (
            "",
            "labels.csv",
            format!(
                "id,filename,breed\n{}",
                lines(|image| format!("{image},img{image}.png,{}\n", class(image)))
            ),
        ),
    ] {
        let folder = flat(place);
        fs::write(folder.path().join(name), &text).unwrap();
        let set = load(folder.path()).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(set.class_names(), ["cat", "dog"], "{text}");
        assert_eq!(
            levels(&set),
            [vec![6, 7, 8, 9], vec![0, 1, 2, 3, 4, 5]],
            "{text}"
        );
        assert_eq!(set.test().class_counts(2), [1, 1], "{text}");
        assert_eq!(note(&set), "");
    }
}

fn class(image: usize) -> &'static str {
    if image < 6 { "dog" } else { "cat" }
}

#[test]
fn numbers_as_classes_are_in_their_order() {
    let folder = flat("");
    let lines: String = (0..10)
        .map(|image| format!("img{image}.png,{}\n", [10, 9][image % 2]))
        .collect();
    fs::write(folder.path().join("labels.csv"), lines).unwrap();
    let set = load(folder.path()).unwrap();
    assert_eq!(set.class_names(), ["9", "10"]);
    assert_eq!(levels(&set), [[1, 3, 5, 7, 9], [0, 2, 4, 6, 8]]);
}

#[test]
fn lines_and_images_without_each_other_are_told() {
    let folder = flat("pets");
    let lines: String = (0..8)
        .map(|image| format!("img{image}.png,{}\n", image % 2))
        .collect();
    let lines = format!("{lines}img0.png,1\n../pets/img9.png,1\nnowhere.png,0\n");
    fs::write(folder.path().join("labels.csv"), lines).unwrap();
    let set = load(folder.path()).unwrap();
    assert_eq!(levels(&set), [[0, 2, 4, 6], [1, 3, 5, 7]]);
    let note = note(&set);
    assert!(
        note.starts_with(
            "labels.csv: 2 files named there, but no images: ../pets/img9.png and nowhere.png; \
             labels.csv: 1 file named twice there, of which the first line counts: img0.png; \
             labels.csv: 2 files not named there, and skipped: img8.png and img9.png"
        ),
        "{note}"
    );
}

#[test]
fn a_file_of_labels_that_is_wrong_is_told() {
    let folder = flat("");
    let latin = b"img0.png,cat\nimg1.png,\xff\n";
    fs::write(folder.path().join("labels.csv"), latin).unwrap();
    let error = load(folder.path()).unwrap_err();
    assert!(
        error.ends_with("labels.csv: is not UTF-8 (Latin-1?): save it as UTF-8"),
        "{error}"
    );
    for (text, found) in [
        (&b""[..], "found no line that names an image in "),
        (b"file,class\n", "found no line that names an image in "),
        (
            b"a.png,cat\nb.png,dog\n",
            "found no line that names an image in ",
        ),
        (
            b"img0.png,cat\nimg1.png,cat\n",
            "in 2 to 1000 classes, found 1 class; correct the file",
        ),
        (b"img0.png,cat\nimg1.png\n", "found line 2 without a class"),
        (b"img0.png,cat\nimg1.png,\n", "found line 2 without a class"),
    ] {
        let folder = flat("");
        fs::write(folder.path().join("labels.csv"), text).unwrap();
        let error = load(folder.path()).unwrap_err();
        assert!(
            error.contains("labels.csv: expected a line with file and class for each image"),
            "{error}"
        );
        assert!(error.contains(found), "{error}");
    }
}

#[test]
fn sizes_are_not_even_looked_up_when_it_is_to_stop() {
    let folder = TempDir::new().unwrap();
    classes(folder.path(), "", PETS, 5);
    let cancelled = AtomicBool::new(true);
    let progress = Progress::new(&cancelled, |_, _| panic!("nothing is done"));
    let located = Located::At(&IMAGES, folder.path().to_owned());
    let stopped = located.load_with(&LoadOptions::default(), &progress);
    assert_eq!(stopped.unwrap_err().to_string(), "stopped on request");
}
