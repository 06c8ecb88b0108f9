use std::path::PathBuf;

use super::{hear, settle, update, worker_lost};
use crate::analysis::FeatureMaps;
use crate::lab::testing::{batch, ended, epoch, facts, summary};
use crate::shape::Shape;
use crate::state::{Lab, Message, Motion, PaneId};
use crate::training::Preset;
use crate::worker::{Command, DataCommand, DataEvent, Event, JobEnd, Outcome, ShownMaps};

fn start() -> Lab {
    let preset = Preset::open("fashion-conv1").unwrap();
    let (mut lab, commands) = Lab::new(None, preset, Some(PathBuf::from("runs")));
    let first = Command::Data(DataCommand::open(1, None));
    assert_eq!(commands, [first]);
    lab.fits = Fits {
        images: (4, 2),
        maps: 6,
        map_columns: 6,
    };
    lab
}

pub(super) fn load(lab: &mut Lab, name: &str) -> Vec<Command> {
    let event = Event::DataLoaded {
        summary: summary(name, Shape::new(28, 28, 1)),
        seconds: 0.1,
    };
    told(lab, event)
}

/// What is asked for after news.
pub(super) fn told(lab: &mut Lab, event: Event) -> Vec<Command> {
    hear(lab, event);
    settle(lab);
    lab.commands()
}

/// What is asked for after the wish to quit.
pub(super) fn ask_quit(lab: &mut Lab) -> Vec<Command> {
    super::ask_quit(lab);
    settle(lab);
    lab.commands()
}

pub(super) fn loaded() -> Lab {
    let mut lab = start();
    load(&mut lab, "clothes");
    lab
}

/// What is asked for when a training is started.
pub(super) fn train(lab: &mut Lab) -> Vec<Command> {
    assert_eq!(lab.start_blocked(), None);
    lab.train();
    settle(lab);
    lab.commands()
}

/// Run 2 is under way; run 1 is over.
fn training() -> Lab {
    let mut lab = loaded();
    for run in [1, 2] {
        let commands = train(&mut lab);
        match run {
            1 => assert!(matches!(commands[..], [Command::Train(_)])),
            // The same network goes on where it stands.
            _ => assert!(matches!(commands[..], [Command::Continue { .. }])),
        }
        told(&mut lab, Event::RunStarted(Box::new(facts(run))));
        if run == 1 {
            told(&mut lab, ended(1, Outcome::Completed));
        }
    }
    lab
}

fn request_of(commands: &[Command]) -> u64 {
    match commands {
        [Command::FeatureMaps(request)] => request.request,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_loaded_set_is_chosen() {
    let mut lab = start();
    load(&mut lab, "clothes");
    assert_eq!(lab.chosen_set().unwrap().name, "clothes");
    assert_eq!(lab.opening(), Some(""));
    let end = JobEnd::Done {
        message: String::new(),
    };
    told(&mut lab, Event::Data(DataEvent::JobEnded { job: 1, end }));
    assert_eq!(lab.opening(), None);

    load(&mut lab, "digits");
    assert_eq!((lab.sets.len(), lab.chosen), (2, Some(1)));
    // The same name again replaces the set.
    load(&mut lab, "clothes");
    assert_eq!((lab.sets.len(), lab.chosen), (2, Some(0)));
}

#[test]
            portion: Portion::Test,
fn activations_are_asked_for_only_while_looked_at_and_after_each_epoch() {
    let mut lab = training();
    assert_eq!(told(&mut lab, epoch(2, 1)), []);
    let first = update(&mut lab, Message::Show(PaneId::Activations));
    assert!(matches!(first[..], [Command::FeatureMaps(_)]));
    assert_eq!(told(&mut lab, batch(2, 2, 3)), []);
    let second = told(&mut lab, epoch(2, 2));
    let answer = |request| {
        Event::FeatureMaps(ShownMaps {
            request,
            trained_epochs: 2,
            batches: 0,
            label: Some(3),
            pixels: vec![0; 784],
            input: Shape::new(28, 28, 1),
            maps: FeatureMaps {
                layer: 0,
                shape: Shape::new(28, 28, 16),
                values: vec![0.0; 28 * 28 * 16],
                probabilities: vec![0.1; 10],
            },
        })
    };
    told(&mut lab, answer(request_of(&first)));
    assert!(lab.activations.shown.is_none());
    let third = told(&mut lab, answer(request_of(&second)));
    assert!(lab.activations.shown.is_some());
    // While it trains each answer asks for the next, which may wait for its turn.
    let is_live =
        |commands: &[Command]| matches!(commands, [Command::FeatureMaps(request)] if request.live);
    assert!(!is_live(&first) && is_live(&second) && is_live(&third));

    let page = update(&mut lab, Message::Move(Motion::Down));
    assert_eq!((page, lab.activations.first_map), (vec![], 6));
    let right = update(&mut lab, Message::Move(Motion::Right));
    assert!(matches!(right[..], [Command::FeatureMaps(_)]));
    assert_eq!((lab.activations.layer, lab.activations.first_map), (1, 0));
}

#[test]
fn a_random_image_lies_in_its_split() {
    let mut lab = loaded();
    update(&mut lab, Message::Show(PaneId::Activations));
    let images: Vec<usize> = (0..20)
        .map(|_| {
            update(&mut lab, Message::RandomImage);
            lab.activations.image
        })
        .collect();
    assert!(images.iter().all(|image| *image < 50));
    assert!(images.windows(2).any(|pair| pair[0] != pair[1]));
}

#[test]
fn after_quit_nothing_more_is_asked_for() {
    let mut lab = training();
    assert_eq!(update(&mut lab, Message::Quit), [Command::Quit]);
    assert_eq!(update(&mut lab, Message::Show(PaneId::Activations)), []);
    worker_lost(&mut lab);
    assert!(lab.active_run().is_some(), "its end comes as an event");
}
