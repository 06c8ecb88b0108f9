use super::{KeepDrawing, Kept, Pad, SaveDrawing};
use crate::panes::ResultsPane;
use crate::screen::Interface;
use crate::shape::Shape;
use crate::training::Preset;
use crate::worker::{Command, Drawing, Event, Pending, Question};

/// A lab on whose pad there is a stroke.
fn drawn() -> Interface {
    let preset = Preset::open("fashion-conv1").unwrap();
    let (mut interface, _) = Interface::new(None, preset, None);
    interface.resize(80, 24);
    interface.lab.show(crate::lab::PaneId::Results);
    for id in ["pad.open", "pad.pen", "pad.pen"] {
        act(&mut interface, id);
    }
    interface
}

fn act(interface: &mut Interface, id: &str) -> Vec<Command> {
    interface.act(id).unwrap_or_else(|| panic!("{id}"))
}

/// The questions of this type among the commands.
fn asked<Q: Question>(commands: Vec<Command>) -> Vec<Pending<Q>> {
    let asks = commands.into_iter().filter_map(|command| match command {
        Command::Ask(ask) => ask.downcast().ok(),
        _ => None,
    });
    asks.collect()
}

fn unsaved(interface: &Interface) -> Vec<Drawing> {
    interface.lab.unsaved().drawings.clone()
}

fn pane(interface: &Interface) -> &ResultsPane {
    interface.pane()
}

#[test]
fn a_drawing_is_unsaved_until_it_is_written_or_taken_back() {
    let mut interface = drawn();
    let drawings = unsaved(&interface);
    assert_eq!(drawings[0].pixels, pane(&interface).pad.canvas.pixels());
    act(&mut interface, "pad.undo");
    assert_eq!(unsaved(&interface), []);

    let mut interface = drawn();
    let writing = asked::<SaveDrawing>(act(&mut interface, "pad.write"));
    assert_eq!(writing[0].question.0, drawings[0]);
    assert!(interface.lab.drawings.is_saving);
    writing[0].fail("the disk is full");
    interface.hear(Event::Answered);
    assert_eq!(unsaved(&interface).len(), 1);
    let said = interface.lab.status.clone().unwrap().text;
    assert_eq!(said, "Could not save the drawing: the disk is full");
    let writing = asked::<SaveDrawing>(act(&mut interface, "pad.write"));
    writing[0].answer("/drawing-1.png".into());
    interface.hear(Event::Answered);
    assert_eq!(unsaved(&interface), []);
    assert!(!interface.lab.drawings.is_saving);
}

#[test]
fn a_kept_drawing_is_saved_too() {
    let mut interface = drawn();
    let pad = &mut interface;
    let drawing = pane(pad).pad.canvas.pixels().to_vec();
    let question = KeepDrawing {
        drawing: Drawing {
            shape: Shape::new(28, 28, 1),
            // As the network sees it, which is another picture.
            pixels: vec![1; 28 * 28],
        },
        drawn: drawing,
        class: 3,
        class_names: Vec::new(),
    };
    pad.lab.then(move |pane: &mut ResultsPane, lab| {
        pane.pad.keeping.ask(question.clone(), &mut lab.out);
    });
    let keeping = asked::<KeepDrawing>(pad.settle());
    keeping[0].answer(Kept {
        path: "/drawings/3/0001.png".into(),
        kept: 1,
    });
    pad.hear(Event::Answered);
    assert_eq!(unsaved(pad), []);
    let said = pad.lab.status.clone().unwrap().text;
    assert!(
        said.contains("your first drawing, in /drawings/3;"),
        "{said}"
    );
}

#[test]
fn a_drawing_for_a_network_of_another_shape_comes_back_with_that_shape() {
    let mut interface = drawn();
    interface.lab.preset.input = Shape::new(14, 14, 1);
    interface.settle();
    interface.settle();
    assert_eq!(pane(&interface).pad.canvas.shape(), Shape::new(14, 14, 1));
    assert_eq!(unsaved(&interface).len(), 1);
    interface.lab.preset.input = Shape::new(28, 28, 1);
    interface.settle();
    assert!(!pane(&interface).pad.canvas.is_blank());
}

#[test]
fn whoever_leaves_has_drawings_written_and_a_draft_puts_them_back() {
    let mut interface = drawn();
    let drawing = unsaved(&interface)[0].clone();
    Pad::write_drawing(drawing.clone(), &mut interface.lab);
    let writing = asked::<SaveDrawing>(interface.settle());
    assert_eq!(writing[0].question.0, drawing);
    assert!(interface.lab.drawings.is_saving);
    writing[0].answer("/drawing-1.png".into());
    interface.hear(Event::Answered);
    assert!(!interface.lab.drawings.is_saving);

    let mut interface = drawn();
    act(&mut interface, "pad.clear");
    let small = Drawing {
        shape: Shape::new(9, 9, 1),
        pixels: vec![99; 81],
    };
    let back = [small, drawing.clone()];
    Pad::put_drawings_back(back.to_vec(), &mut interface.lab);
    interface.settle();
    assert_eq!(unsaved(&interface), back);
    assert_eq!(pane(&interface).pad.canvas.pixels(), drawing.pixels);
    assert!(pane(&interface).pad.is_open);
}
