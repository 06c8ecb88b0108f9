use std::path::PathBuf;

use super::{hear, settle};
use crate::lab::testing::summary;
use crate::shape::Shape;
use crate::state::Lab;
use crate::training::Preset;
use crate::worker::{Command, DataCommand, DataEvent, Event, JobEnd};

fn start() -> Lab {
    let preset = Preset::open("fashion-conv1").unwrap();
    let (lab, commands) = Lab::new(None, preset, Some(PathBuf::from("runs")));
    let first = Command::Data(DataCommand::open(1, None));
    assert_eq!(commands, [first]);
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
