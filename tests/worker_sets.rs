//! What the worker tells of the images of a set: exact pixels, statistics, versions as training would see them.

mod worker_support;

use convscope::data::{self, AugmentSettings, Augmentation, Progress, SetStatistics, SplitName};
use convscope::worker::{
    AugmentedRequest, Command, Event, ImageRequest, Measured, Order, PixelRequest, Purpose, Worker,
};
use worker_support::{SET, finish, next, send, worker};

#[test]
fn a_random_selection_is_the_same_in_one_piece_and_in_pages() {
    let worker = worker();
    let indices = |from, count| {
        let request = ImageRequest {
            request: 1,
            dataset: SET.into(),
            split: SplitName::Train,
            class: Some(3),
            count,
            order: Order::Random { seed: 5, from },
        };
        send(&worker, Command::Images(request));
        match next(&worker) {
            Event::Images(page) => page
                .images
                .iter()
                .map(|image| image.index)
                .collect::<Vec<_>>(),
            other => panic!("pictures, got {other:?}"),
        }
    };
    let whole = indices(0, 400);
    assert_eq!(whole.len(), 400);
    assert_eq!([indices(0, 45), indices(45, 45)].concat(), whole[..90]);
    assert_eq!(indices(390, 45)[..10], whole[390..]);
    finish(worker);
}

#[test]
fn exact_pixels_are_those_of_the_set() {
    let worker = worker();
    let request = PixelRequest {
        request: 3,
        dataset: SET.into(),
        split: SplitName::Test,
        image: 17,
    };
    send(&worker, Command::Pixels(request.clone()));
    let Event::Pixels(pixels) = next(&worker) else {
        panic!("pixels")
    };
    let set = data::load(Some("fashion-mnist-starter")).unwrap();
    let mut expected = vec![0.0; 784];
    set.test().image(17, &mut expected);
    assert_eq!((pixels.request, pixels.values), (3, expected));
    send(
        &worker,
        Command::Pixels(PixelRequest {
            image: 2_000,
            ..request
        }),
    );
    let Event::Failed { what, message } = next(&worker) else {
        panic!("a failure")
    };
    assert_eq!(what, Purpose::ShowImages);
    assert!(
        message.contains("image 2000 was asked for, and there are 2000"),
        "{message}"
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
    send(
        &worker,
        Command::Augmented(AugmentedRequest {
            request: 9,
            dataset: SET.into(),
            split: SplitName::Train,
            image: 123,
            settings,
            seed: 42,
            epoch: 4,
            count: 3,
        }),
    );
    let Event::Augmented(images) = next(&worker) else {
        panic!("versions")
    };
    assert_eq!(
        (images.request, images.epoch, images.versions.len()),
        (9, 4, 3)
    );
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

fn measured(worker: &Worker, request: u64, dataset: &str) -> SetStatistics {
    let dataset = dataset.to_owned();
    send(worker, Command::Statistics { request, dataset });
    loop {
        match next(worker) {
            Event::Statistics {
                request: of,
                measured,
            } => {
                assert_eq!(of, request);
                if let Measured::Done(statistics) = measured {
                    return *statistics;
                }
            }
            other => panic!("statistics, got {other:?}"),
        }
    }
}

#[test]
fn statistics_come_once_measured_and_again_when_asked_again() {
    let worker = worker();
    let first = measured(&worker, 1, SET);
    assert_eq!(measured(&worker, 2, SET), first);
    let set = data::load(Some("fashion-mnist-starter")).unwrap();
    assert_eq!(SetStatistics::of(&set, &Progress::silent()).unwrap(), first);
    let dataset = "nowhere".to_owned();
    send(
        &worker,
        Command::Statistics {
            request: 3,
            dataset,
        },
    );
    let Event::Failed { what, message } = next(&worker) else {
        panic!("a failure")
    };
    assert_eq!(what, Purpose::Measure);
    assert!(message.contains("no data set called nowhere"), "{message}");
    finish(worker);
}
