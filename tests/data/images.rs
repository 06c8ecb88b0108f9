//! Folders of images: both layouts, sizes and colours, and what is no image.

use std::fs;
use std::path::Path;

use convscope::data::formats::IMAGES;
use convscope::data::{
    Dataset, ImageOptions, LoadOptions, Located, Pixels, Places, Progress, locate_in,
};
use convscope::shape::Shape;
use image::{GrayImage, Luma, Rgb, RgbImage};
use tempfile::TempDir;

pub fn grey(path: &Path, height: u32, width: u32, level: u8) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut image = GrayImage::from_pixel(width, height, Luma([level]));
    image.put_pixel(width - 1, 0, Luma([255]));
    image.save(path).unwrap();
}

pub fn load_with(folder: &Path, images: ImageOptions) -> Result<Dataset, String> {
    let located =
        locate_in(&Places::default(), folder.to_str()).map_err(|error| error.to_string())?;
    assert_eq!(located, Located::At(&IMAGES, folder.to_owned()));
    let options = LoadOptions {
        images,
        ..LoadOptions::default()
    };
    located
        .load_with(&options, &Progress::silent())
        .map_err(|error| error.to_string())
}

pub fn load(folder: &Path) -> Result<Dataset, String> {
    load_with(folder, ImageOptions::default())
}

/// The note of a set without how its images were divided, which `image_folders` tests.
pub fn other_notes(set: &Dataset) -> String {
    let note = set.summary().note;
    let others = note.split("; ");
    let others = others.filter(|part| !part.contains(" % of each class, seed "));
    others.collect::<Vec<_>>().join("; ")
}

/// Two classes in `train/` and `test/`.
fn halves() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, level) in [
        ("train/cat/a.png", 1),
        ("train/cat/b.PNG", 2),
        ("train/dog/a.png", 3),
        ("test/dog/x.png", 4),
    ] {
        grey(&folder.path().join(path), 3, 4, level);
    }
    folder
}

#[test]
fn train_and_test_folders_are_the_splits() {
    let folder = halves();
    grey(&folder.path().join("test/cat/y.png"), 3, 4, 5);
    let set = load(folder.path()).unwrap();
    assert_eq!(set.class_names(), ["cat", "dog"]);
    assert_eq!(set.shape(), Shape::new(3, 4, 1));
    assert_eq!(set.train().labels(), [0, 0, 1]);
    assert_eq!(set.test().labels(), [0, 1]);
    assert_eq!(
        set.train().image_u8(1),
        [2, 2, 2, 255, 2, 2, 2, 2, 2, 2, 2, 2]
    );
    assert!(matches!(set.train().pixels(), Pixels::U8(_)));
    assert_eq!(set.summary().note, "");
}

#[test]
fn classes_alone_are_split_by_share_and_seed() {
    let folder = TempDir::new().unwrap();
    for class in [2, 10, 1] {
        for image in 0..10 {
            grey(
                &folder.path().join(format!("{class}/{image}.png")),
                2,
                2,
                image,
            );
        }
    }
    let options = |test_share, seed| ImageOptions {
        test_share,
        seed,
        ..ImageOptions::default()
    };
    let set = load_with(folder.path(), options(0.3, 1)).unwrap();
    assert_eq!(set.class_names(), ["1", "2", "10"]);
    assert_eq!(set.test().class_counts(3), [3, 3, 3]);
    assert_eq!(set.train().class_counts(3), [7, 7, 7]);
    // Each image is in one of the splits.
    let mut levels: Vec<u8> = [set.train(), set.test()]
        .into_iter()
        .flat_map(|split| (0..split.len()).map(|image| split.image_u8(image)[0]))
        .collect();
    levels.sort_unstable();
    assert_eq!(
        levels,
        (0..10).flat_map(|level| [level; 3]).collect::<Vec<u8>>()
    );

    let again = load_with(folder.path(), options(0.3, 1)).unwrap();
    assert_eq!(again.identity(), set.identity());
    let other = load_with(folder.path(), options(0.3, 2)).unwrap();
    assert_ne!(other.identity(), set.identity());
    let error = load_with(folder.path(), options(0.0, 1)).unwrap_err();
    assert!(
        error.contains("test images: expected at least one image, found none"),
        "{error}"
    );
}

#[test]
fn colours_make_three_channels_of_all() {
    let folder = halves();
    let path = folder.path().join("train/cat/red.png");
    RgbImage::from_pixel(4, 3, Rgb([200, 10, 20]))
        .save(path)
        .unwrap();
    let set = load(folder.path()).unwrap();
    assert_eq!(set.shape(), Shape::new(3, 4, 3));
    assert_eq!(set.train().image_u8(2)[..3], [200, 10, 20]);
    assert_eq!(set.train().image_u8(0)[..6], [1; 6]);
    let options = ImageOptions {
        channels: Some(1),
        ..ImageOptions::default()
    };
    assert_eq!(
        load_with(folder.path(), options).unwrap().shape(),
        Shape::new(3, 4, 1)
    );
}

#[test]
fn sizes_are_made_equal_on_request() {
    let folder = halves();
    grey(&folder.path().join("test/dog/z.jpg"), 9, 8, 100);
    let error = load(folder.path()).unwrap_err();
    assert!(error.contains("images differ in size: "), "{error}");
    assert!(error.contains("train/cat/a.png is 3×4, but "), "{error}");
    assert!(
        error.contains("z.jpg is 9×8 (height×width); set one size for all"),
        "{error}"
    );
    let options = ImageOptions {
        size: Some((5, 6)),
        ..ImageOptions::default()
    };
    let set = load_with(folder.path(), options).unwrap();
    assert_eq!(set.shape(), Shape::new(5, 6, 1));
    let middle = set.test().image_u8(1)[3 * 6 + 2];
    assert!((95..=105).contains(&middle), "{middle}");
}

#[test]
fn what_is_no_image_is_skipped_counted_and_named() {
    let folder = halves();
    fs::write(folder.path().join("train/cat/notes.txt"), "hello").unwrap();
    fs::write(folder.path().join("train/cat/.hidden"), "").unwrap();
    fs::write(folder.path().join("classes.txt"), "").unwrap();
    fs::write(
        folder.path().join("test/dog/broken.png"),
        b"\x89PNG\r\n\x1a\nnonsense",
    )
    .unwrap();
    let set = load(folder.path()).unwrap();
    assert_eq!((set.train().len(), set.test().len()), (3, 1));
    let note = set.summary().note;
    assert!(
        note.starts_with(
            "skipped 2 files that cannot be read as images: train/cat/notes.txt, test/dog/broken.png ("
        ),
        "{note}"
    );
}

#[test]
fn folders_that_do_not_go_together_are_told() {
    let folder = halves();
    grey(&folder.path().join("test/cow/a.png"), 3, 4, 0);
    let error = load(folder.path()).unwrap_err();
    assert!(
        error.contains("test/cow: expected one of the 2 classes in train/"),
        "{error}"
    );

    let lonely = TempDir::new().unwrap();
    grey(&lonely.path().join("cat/a.png"), 3, 4, 0);
    let error = locate_in(&Places::default(), lonely.path().to_str())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("(what can be opened: an npz file, "),
        "{error}"
    );
}

#[test]
fn loading_can_be_watched_and_stopped() {
    let folder = halves();
    let cancelled = std::sync::atomic::AtomicBool::new(true);
    let located = Located::At(&IMAGES, folder.path().to_owned());
    let progress = Progress::new(&cancelled, |_, _| {});
    assert!(
        located
            .load_with(&LoadOptions::default(), &progress)
            .is_err()
    );

    let cancelled = std::sync::atomic::AtomicBool::new(false);
    let steps = std::sync::Mutex::new(Vec::new());
    let progress = Progress::new(&cancelled, |done, all| {
        steps.lock().unwrap().push((done, all))
    });
    grey(&folder.path().join("test/cat/y.png"), 3, 4, 5);
    located
        .load_with(&LoadOptions::default(), &progress)
        .unwrap();
    drop(progress);
    let mut steps = steps.into_inner().unwrap();
    steps.sort_unstable();
    // The headers of five files, then the files.
    assert_eq!(steps, (0..=10).map(|done| (done, 10)).collect::<Vec<_>>());
}
