//! What the worker tells of the images of a set: exact pixels, statistics, versions as training would see them.

use crate::support::{SET, answer, ask, finish, next_answer, worker};
use convscope::data::{self, AugmentSettings, Augmentation, Progress, SetStatistics, SplitName};
use convscope::panes::{Measured, Order, Page, Pixels, Statistics, Versions};
use convscope::worker::{Asked, Worker};

#[test]
fn a_random_selection_is_the_same_in_one_piece_and_in_pages() {
    let worker = worker();
    let indices = |from, count| {
        let page = Page {
            dataset: SET.into(),
            split: SplitName::Train,
            class: Some(3),
            count,
            order: Order::Random { seed: 5, from },
        };
        let page = answer(&worker, page).unwrap();
        let images = page.images.iter();
        images.map(|image| image.index).collect::<Vec<_>>()
    };
    let whole = indices(0, 400);
    assert_eq!(whole.len(), 400);
    assert_eq!([indices(0, 45), indices(45, 45)].concat(), whole[..90]);
    assert_eq!(indices(390, 45)[..10], whole[390..]);
    finish(worker);
}

fn pixels(dataset: &str, split: SplitName, image: usize) -> Pixels {
    Pixels {
        dataset: dataset.to_owned(),
        split,
        image,
    }
}

#[test]
fn exact_pixels_are_those_of_the_set() {
    let worker = worker();
    let set = data::load(Some("fashion-mnist-starter")).unwrap();
    let mut expected = vec![0.0; 784];
    set.test().image(17, &mut expected);
    let found = answer(&worker, pixels(SET, SplitName::Test, 17)).unwrap();
    assert_eq!(found, expected);
    let failure = answer(&worker, pixels(SET, SplitName::Test, 2_000)).unwrap_err();
    assert!(
        failure.starts_with("Could not show images: ")
            && failure.contains("no image 2000: the split has 2000"),
        "{failure}"
    );
    finish(worker);
}

#[test]
fn previewed_versions_are_those_that_training_sees() {
    let worker = worker();
    let settings = AugmentSettings {
        erasing: 0.5,
        noise: 0.05,
        horizontal_flip: true,
        ..AugmentSettings::usual()
    };
    let versions = Versions {
        image: pixels(SET, SplitName::Train, 123),
        settings,
        seed: 42,
        epoch: 4,
        count: 3,
    };
    let images = answer(&worker, versions).unwrap();
    assert_eq!((images.epoch, images.versions.len()), (4, 3));
    let set = data::load(Some("fashion-mnist-starter")).unwrap();
    let augmentation = Augmentation::new(settings, set.shape(), 42).unwrap();
    for (epoch, version) in (4..).zip(&images.versions) {
        // As the trainer gathers a batch of this one image in that epoch.
        let mut batch = vec![0.0; 784];
        augmentation.gather(set.train(), epoch, &[123], &mut batch);
        let expected = batch.iter().map(|value| (255.0 * value).round() as u8);
        assert!(expected.eq(version.iter().copied()), "epoch {epoch}");
    }
    assert_ne!(images.versions[0], images.versions[1]);
    finish(worker);
}

fn measured(worker: &Worker, dataset: &str) -> Result<SetStatistics, String> {
    let dataset = dataset.to_owned();
    let mut asked = Asked::default();
    ask(worker, &mut asked, Statistics { dataset });
    loop {
        if let Measured::Done(statistics) = next_answer(worker, &mut asked)? {
            return Ok(*statistics);
        }
    }
}

#[test]
fn statistics_come_once_measured_and_again_when_asked_again() {
    let worker = worker();
    let first = measured(&worker, SET).unwrap();
    assert_eq!(measured(&worker, SET).unwrap(), first);
    let set = data::load(Some("fashion-mnist-starter")).unwrap();
    assert_eq!(SetStatistics::of(&set, &Progress::silent()).unwrap(), first);
    let failure = measured(&worker, "nowhere").unwrap_err();
    assert!(
        failure.starts_with("Could not measure the set: ")
            && failure.contains("no data set called nowhere"),
        "{failure}"
    );
    finish(worker);
}
