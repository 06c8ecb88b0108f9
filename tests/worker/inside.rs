//! The inside of a network as the worker shows it: values and their products, what excites a filter, earlier epochs, health, live maps.

use std::path::Path;

use crate::support::{ask, event, open, send};
use convscope::analysis::{AscentSettings, Place};
use convscope::data::SplitName;
use convscope::panes::{EpochHealth, Excite, Excited, HealthOf, Look, Maps, OriginOf, ShownMaps};
use convscope::training::Preset;
use convscope::worker::{
    Asked, Command, Event, Outbox, Question, Subject, TrainRequest, Weights, Worker,
};

const SET: &str = "MNIST starter";

fn preset(epochs: usize) -> Preset {
    let text = format!(
        "{{name: small, input: [28, 28, 1], classes: 10, training: {{epochs: {epochs}, batch_size: 500}}, \
         layers: [{{conv2d: {{filters: 2, kernel: 3, stride: 4, padding: same}}}}, relu, flatten, classify]}}"
    );
    Preset::parse(&text, "test").unwrap()
}

fn weights(epoch: Option<usize>) -> Weights {
    Weights {
        network: preset(1).network(),
        seed: 1,
        keep_weights: true,
        epoch,
    }
}

fn of_set(index: usize) -> Subject {
    Subject::OfSet {
        dataset: SET.into(),
        split: SplitName::Test,
        index,
    }
}

/// The next event that `pick` takes; others are passed over, failures fail.
fn wait<T>(worker: &Worker, pick: impl Fn(Event) -> Option<T>) -> T {
    loop {
        match event(worker) {
            Event::Failed { what, message } => panic!("could not {what}: {message}"),
            event => {
                if let Some(found) = pick(event) {
                    return found;
                }
            }
        }
    }
}

fn start() -> Worker {
    let worker = crate::support::start();
    load(&worker);
    worker
}

fn load(worker: &Worker) {
    open(worker, "mnist-starter");
    wait(worker, |event| {
        matches!(event, Event::DataLoaded { .. }).then_some(())
    });
}

fn train(worker: &Worker, epochs: usize, runs: &Path) {
    send(
        worker,
        Command::Train(TrainRequest {
            preset: preset(epochs),
            dataset: SET.into(),
            runs_folder: Some(runs.to_owned()),
            keep_weights: false,
        }),
    );
}

/// What is told next of what was asked.
fn told<Q: Question>(worker: &Worker, asked: &mut Asked<Q>) -> Q::Answer {
    let mut out = Outbox::default();
    loop {
        match asked.next(&mut out).map(|news| news.is_ok()) {
            Some(true) => return asked.take().expect("it was told"),
            Some(false) => panic!("{:?}", out.failures),
            None => wait(worker, |_| Some(())),
        }
    }
}

fn answer<Q: Question>(worker: &Worker, question: Q) -> Q::Answer {
    let mut asked = Asked::default();
    ask(worker, &mut asked, question);
    told(worker, &mut asked)
}

fn look(epoch: Option<usize>, subject: Subject, layer: usize) -> Look {
    Look {
        weights: weights(epoch),
        subject,
        layer,
        version: None,
        live: None,
    }
}

/// Of the first layer.
fn maps(epoch: Option<usize>, subject: Subject, waits: bool) -> Maps {
    Maps {
        look: look(epoch, subject, 0),
        waits,
    }
}

#[test]
fn earlier_epochs_products_and_health_come_from_the_run() {
    let runs = tempfile::tempdir().unwrap();
    let worker = start();
    train(&worker, 3, runs.path());
    wait(&worker, |event| {
        matches!(event, Event::RunEnded { .. }).then_some(())
    });

    let shown: Vec<ShownMaps> = [None, Some(0), Some(2), Some(3)]
        .into_iter()
        .map(|epoch| answer(&worker, maps(epoch, of_set(5), false)))
        .collect();
    let epochs: Vec<usize> = shown.iter().map(|maps| maps.trained_epochs).collect();
    assert_eq!(epochs, [3, 0, 2, 3]);
    let values: Vec<&[f32]> = shown.iter().map(|maps| &maps.maps.values[..]).collect();
    assert_eq!(
        values[0], values[3],
        "the latest weights are the last epoch's"
    );
    assert!(values[0] != values[1] && values[0] != values[2] && values[1] != values[2]);
    assert_eq!(shown[0].label, Some(1), "test image 5 of MNIST is a one");

    // A drawing is an image too, without a label.
    let drawing = Subject::Drawing {
        pixels: shown[0].pixels.clone(),
    };
    let drawn = answer(&worker, maps(None, drawing, false));
    assert_eq!(
        (drawn.label, &drawn.maps.values),
        (None, &shown[0].maps.values)
    );

    // A value behind the ReLU comes from the convolution's.
    let place = Place {
        row: 3,
        column: 3,
        channel: 1,
    };
    let origin = |layer| {
        let look = look(None, of_set(5), layer);
        answer(&worker, OriginOf { look, place })
    };
    let found = origin(1).unwrap();
    let value = values[0][(3 * 7 + 3) * 2 + 1];
    assert_eq!(found.arithmetic.output, value);
    assert_eq!(found.steps.last().unwrap().value, value.max(0.0));
    assert_eq!(found.arithmetic.terms.len(), 9);
    assert!(origin(3).unwrap_err().contains("has no row 3"));

    let mut asked = Asked::default();
    let question = HealthOf {
        weights: weights(None),
        run: None,
        dataset: SET.into(),
        epochs: vec![0, 1, 2, 3],
    };
    ask(&worker, &mut asked, question);
    let health: Vec<EpochHealth> = (0..4).map(|_| told(&worker, &mut asked)).collect();
    let epochs: Vec<usize> = health.iter().map(|one| one.epoch).collect();
    assert_eq!(epochs, [3, 0, 1, 2], "the latest first");
    assert_eq!(health[0].health.layers.len(), 4);
    assert_ne!(
        health[0].health.layers[0].weights,
        health[1].health.layers[0].weights
    );
    assert!(health[0].health.layers[1].dead.is_some());
}

#[test]
fn what_excites_a_filter_comes_in_parts_and_a_newer_question_goes_first() {
    let worker = start();
    let excite = |filter| Excite {
        weights: weights(None),
        version: None,
        dataset: SET.into(),
        split: SplitName::Test,
        layer: 0,
        filter,
        images: 4,
        ascent: AscentSettings::default(),
    };
    let mut asked = Asked::default();
    let finished = |asked: &mut Asked<Excite>| -> Excited {
        loop {
            let excited = told(&worker, asked);
            if excited.done == excited.total {
                return excited;
            }
        }
    };
    ask(&worker, &mut asked, excite(0));
    ask(&worker, &mut asked, excite(1));
    let found = finished(&mut asked);
    assert_eq!((found.total, found.images.len()), (2_000, 4));
    assert!(
        found
            .images
            .is_sorted_by(|a, b| a.activation >= b.activation)
    );
    let ascent = &found.ascent;
    assert_eq!(ascent.filter, 1);
    assert!(ascent.activation > ascent.activations[0]);

    // The strongest one is as strong as looking at it says.
    let best = &found.images[0];
    let shown = answer(&worker, maps(None, of_set(best.image.index), false));
    let values = shown.maps.values.iter().skip(1).step_by(2);
    let most = values.copied().fold(f32::NEG_INFINITY, f32::max);
    assert!((most - best.activation).abs() < 1e-5);

    // Another filter of the same layer needs no second search; another set of the same name does.
    ask(&worker, &mut asked, excite(0));
    assert_eq!(told(&worker, &mut asked).done, 2_000);
    load(&worker);
    ask(&worker, &mut asked, excite(0));
    assert_eq!(told(&worker, &mut asked).done, 0);
}

#[test]
fn live_maps_wait_for_later_weights_while_training_and_for_nothing_after_it() {
    let runs = tempfile::tempdir().unwrap();
    let worker = start();
    train(&worker, 1_000_000, runs.path());
    wait(&worker, |event| {
        matches!(event, Event::RunStarted(_)).then_some(())
    });
    let at_once = answer(&worker, maps(None, of_set(0), false));
    let later = answer(&worker, maps(None, of_set(0), true));
    let seen = |maps: &ShownMaps| (maps.trained_epochs, maps.batches);
    assert!(
        seen(&later) > seen(&at_once),
        "{:?} {:?}",
        seen(&at_once),
        seen(&later)
    );
    assert_ne!(later.maps.values, at_once.maps.values);

    let mut asked = Asked::default();
    ask(&worker, &mut asked, maps(None, of_set(0), true));
    send(&worker, Command::Stop);
    told(&worker, &mut asked);
    // Without a training nothing has to be waited for.
    answer(&worker, maps(None, of_set(0), true));
}
