use std::sync::Arc;

use crossterm::event::KeyCode;

use super::{ImagePage, Mode, Order, Page, ViewPane};
use crate::data::{DatasetSummary, Mark, SplitName};
use crate::lab::PaneId;
use crate::screen::Interface;
use crate::screen::testing::drawn;
use crate::shape::Shape;
use crate::training::Preset;
use crate::ui::Key;
use crate::ui::theme::ColorMap;
use crate::worker::{Command, Event, LabelledImage, MarkedImage, Pending, SetMarks};

/// On a screen that has room for eight images.
fn start() -> Interface {
    let preset = Preset::open("fashion-conv1").unwrap();
    let (mut interface, _) = Interface::new(None, preset, None);
    interface.resize(80, 24);
    interface
}

fn load(interface: &mut Interface, name: &str) -> Vec<Command> {
    interface.hear(Event::DataLoaded {
        summary: DatasetSummary {
            name: name.to_owned(),
            source: "memory".to_owned(),
            names: Vec::new(),
            shape: Shape::new(28, 28, 1),
            class_names: (0..10).map(|class| format!("class {class}")).collect(),
            train_counts: vec![10; 10],
            test_counts: vec![5; 10],
            validation_counts: None,
            memory: 1000,
            note: String::new(),
        },
        seconds: 0.1,
    })
}

/// The page that is asked for, if one is.
fn asked(commands: Vec<Command>) -> Option<Pending<Page>> {
    commands.into_iter().find_map(|command| match command {
        Command::Ask(ask) => ask.downcast().ok(),
        _ => None,
    })
}

fn answer(interface: &mut Interface, pending: &Pending<Page>) {
    let image = |index| LabelledImage {
        index,
        label: 3,
        pixels: vec![0; 784],
    };
    pending.answer(ImagePage {
        shape: Shape::new(28, 28, 1),
        matching: 20,
        images: Arc::new((0..pending.question.count).map(image).collect()),
    });
    interface.hear(Event::Answered);
}

fn act(interface: &mut Interface, id: &str) -> Vec<Command> {
    interface.act(id).unwrap_or_else(|| panic!("{id}"))
}

fn pane(interface: &Interface) -> &ViewPane {
    interface.pane()
}

#[test]
fn images_of_a_loaded_set_are_asked_for() {
    let mut interface = start();
    let pending = asked(load(&mut interface, "clothes")).unwrap();
    assert!(pending.question.count > 5);
    assert_eq!(
        (pending.question.class, pending.question.split),
        (None, SplitName::Train)
    );
    load(&mut interface, "digits");
    // The same name again replaces the set and shows its new images.
    assert!(asked(load(&mut interface, "clothes")).is_some());
}

#[test]
fn only_the_latest_page_is_shown() {
    let mut interface = start();
    let old = asked(load(&mut interface, "clothes")).unwrap();
    interface.lab.show(crate::lab::PaneId::View);
    let new = asked(act(&mut interface, "view.random")).unwrap();
    assert_ne!(old.question, new.question);
    answer(&mut interface, &old);
    assert!(pane(&interface).page.answer().is_none());
    answer(&mut interface, &new);
    assert_eq!(pane(&interface).page.answered().unwrap().0, &new.question);
}

#[test]
fn pages_in_order_stop_at_both_ends() {
    let mut interface = start();
    let pending = asked(load(&mut interface, "clothes")).unwrap();
    let room = pending.question.count;
    answer(&mut interface, &pending);
    interface.lab.show(crate::lab::PaneId::View);
    let pages = 20usize.div_ceil(room);
    let mut orders = Vec::new();
    for _ in 0..=pages + 1 {
        act(&mut interface, "view.next_page");
        orders.push(pane(&interface).order);
    }
    act(&mut interface, "view.previous_page");
    orders.push(pane(&interface).order);
    let last = (pages - 1) * room;
    let mut expected: Vec<usize> = (0..pages).map(|page| page * room).collect();
    expected.extend([last, last, last.saturating_sub(room)]);
    let expected = expected.into_iter();
    let expected: Vec<Order> = expected.map(|from| Order::Sequential { from }).collect();
    assert_eq!(orders, expected);
}

#[test]
fn random_pages_differ_and_repeat_after_a_new_start() {
    let seeds = || {
        let mut interface = start();
        load(&mut interface, "clothes");
        interface.lab.show(crate::lab::PaneId::View);
        let seeds = (0..3).map(|_| {
            act(&mut interface, "view.random");
            match pane(&interface).order {
                Order::Random { seed, .. } => seed,
                other => panic!("{other:?}"),
            }
        });
        seeds.collect::<Vec<_>>()
    };
    let first = seeds();
    assert!(first[0] != first[1] && first[1] != first[2]);
    assert_eq!(first, seeds());
}

#[test]
fn more_room_asks_for_more_images_and_less_room_for_none() {
    let mut interface = start();
    load(&mut interface, "clothes");
    assert!(asked(interface.resize(70, 22)).is_none());
    assert!(asked(interface.resize(160, 51)).is_some());
}

#[test]
fn a_list_of_marked_images_leads_to_each_of_them() {
    let mut interface = start();
    let pending = asked(load(&mut interface, "clothes")).unwrap();
    answer(&mut interface, &pending);
    interface.lab.show(PaneId::View);
    act(&mut interface, "view.marks");
    let none = interface.lab.status.clone().unwrap().text;
    assert!(
        none.contains("no training image of clothes is marked"),
        "{none}"
    );
    let marked = |image, mark| MarkedImage {
        image,
        was: 1,
        mark,
    };
    interface.hear(Event::Marks(SetMarks {
        dataset: "clothes".to_owned(),
        file: None,
        images: vec![marked(4, Mark::LeftOut), marked(17, Mark::Becomes(2))],
    }));
    act(&mut interface, "view.marks");
    let text = drawn(&interface);
    for part in [
        "image 4 ",
        "class 1: excluded",
        "image 17 ",
        "class 1: relabelled class 2",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    interface.press(Key::code(KeyCode::Down).event());
    let page = asked(interface.press(Key::code(KeyCode::Enter).event())).unwrap();
    let page = &page.question;
    assert_eq!(page.order, Order::Sequential { from: 17 });
    assert_eq!((page.split, page.class), (SplitName::Train, None));
    assert_eq!(pane(&interface).mode, Mode::Enlarged);
}

#[test]
fn images_are_grey_and_maps_viridis_each_by_its_own_key() {
    let mut interface = start();
    load(&mut interface, "clothes");
    let colors = |interface: &Interface| {
        let colors = interface.lab.colors;
        (colors.images, colors.maps)
    };
    assert_eq!(colors(&interface), (ColorMap::Grey, ColorMap::Viridis));
    interface.lab.show(PaneId::View);
    act(&mut interface, "view.colors");
    assert_eq!(colors(&interface), (ColorMap::Cividis, ColorMap::Viridis));
    interface.lab.show(PaneId::Activations);
    act(&mut interface, "activations.colors");
    assert_eq!(colors(&interface), (ColorMap::Cividis, ColorMap::Grey));
    act(&mut interface, "activations.image_colors");
    assert_eq!(colors(&interface), (ColorMap::Viridis, ColorMap::Grey));
}
