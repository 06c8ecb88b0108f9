//! Work that is not saved: its marks, the questions about it, and the draft.

use convscope::shape::Shape;
use convscope::worker::{Command, Draft, DraftCommand, Drawing, Event, FoundDraft, OwnPreset};
use crossterm::event::KeyCode;

use super::scene::Scene;
use super::snapshot;

/// A lab whose network has lost its first layer, and on whose pad there is a stroke.
fn edited(mut scene: Scene) -> Scene {
    scene.keys("3d");
    scene.keys("5d jj ");
    scene.answer();
    scene
}

/// A lab with a changed text in the editor.
fn typed(columns: u16, rows: u16) -> Scene {
    let mut scene = Scene::loaded(columns, rows);
    scene.keys("3t# why");
    scene.key(KeyCode::Enter);
    scene
}

fn offered(columns: u16, rows: u16) -> Scene {
    let mut scene = Scene::start(columns, rows);
    let text =
        "name: mine\ninput: [28, 28, 1]\nclasses: 10\nlayers:\n  - flatten # all\n  - classify\n";
    scene.tell(Event::DraftFound(Box::new(FoundDraft {
        draft: Draft {
            presets: vec![OwnPreset {
                name: "mine".to_owned(),
                text: text.to_owned(),
            }],
            text: None,
            drawings: vec![Drawing {
                shape: Shape::new(28, 28, 1),
                pixels: (0..28 * 28)
                    .map(|at| if at % 28 == 9 { 255 } else { 0 })
                    .collect(),
            }],
        },
        written: "2026-11-23 13:00".to_owned(),
    })));
    scene
}

#[test]
fn marks_and_questions() {
    snapshot("unsaved_network", |columns, rows| {
        let mut scene = edited(Scene::loaded(columns, rows));
        scene.keys("3");
        scene
    });
    snapshot("unsaved_text", typed);
    snapshot("unsaved_text_question", |columns, rows| {
        let mut scene = typed(columns, rows);
        scene.key(KeyCode::Esc);
        scene
    });
    snapshot("quit_unsaved", |columns, rows| {
        let mut scene = edited(Scene::loaded(columns, rows));
        scene.keys("q");
        scene
    });
    snapshot("quit_unsaved_while_training", |columns, rows| {
        let mut scene = edited(Scene::training(columns, rows));
        scene.keys("q");
        scene
    });
    snapshot("draft_offered", offered);
}

#[test]
fn marks_come_and_go_with_changes() {
    let mut scene = Scene::loaded(80, 24);
    scene.keys("3");
    assert!(!scene.text().contains('•'), "{}", scene.text());
    scene.keys("d");
    assert!(scene.text().contains("╭ • fashion-bn4, edited · input"));
    assert!(scene.text().contains("·  • fashion-bn4"), "the context too");
    scene.keys("u");
    assert!(!scene.text().contains('•'), "{}", scene.text());
    scene.keys("ds");
    scene.answer();
    scene.key(KeyCode::End);
    scene.keys("-mine");
    scene.key(KeyCode::Enter);
    scene.answer();
    assert!(
        scene.text().contains("╭ fashion-bn4-mine · input"),
        "{}",
        scene.text()
    );
    assert!(!scene.text().contains('•'), "{}", scene.text());

    scene.keys("5d");
    assert!(!scene.text().contains("• Drawing pad"));
    scene.keys(" jj ");
    scene.answer();
    assert!(scene.text().contains("• Drawing pad"), "{}", scene.text());
    for saving in ["w", "t"] {
        scene.keys(saving);
        if saving == "t" {
            scene.key(KeyCode::Enter);
        }
        scene.answer();
        assert!(
            !scene.text().contains("• Drawing pad"),
            "{saving}: {}",
            scene.text()
        );
        scene.keys(" l ");
        scene.answer();
        assert!(scene.text().contains("• Drawing pad"), "{saving}");
    }
    // An image of a set is nothing to lose before it is drawn on.
    scene.keys("o");
    assert!(!scene.text().contains("• Drawing pad"), "{}", scene.text());
}

#[test]
fn quitting_asks_once_for_all_that_would_end_or_be_lost() {
    let mut scene = edited(Scene::training(80, 24));
    scene.keys("q");
    let text = scene.text();
    for expected in [
        "fashion-bn4 is training, epoch 3 of 10.",
        "fashion-bn4 has unsaved",
        "changes, and the drawing is not saved.",
    ] {
        assert!(text.contains(expected), "{text}");
    }
    scene.keys("x");
    assert!(!scene.lab.quitting && scene.said().starts_with("s saves and quits"));
    scene.keys("y");
    assert!(scene.lab.quitting);
    assert_eq!(scene.commands, [Command::Quit]);
    assert_eq!(
        scene.drafts.last(),
        Some(&DraftCommand::Keep(Draft::default()))
    );

    let mut scene = edited(Scene::loaded(80, 24));
    scene.keys("qs");
    scene.answer();
    assert!(
        scene.text().contains("Save the preset as"),
        "{}",
        scene.text()
    );
    scene.keys("-mine");
    scene.key(KeyCode::Enter);
    scene.answer();
    assert!(scene.lab.quitting, "{}", scene.text());
}

#[test]
fn an_offered_draft_is_restored_by_enter() {
    let mut scene = offered(80, 24);
    scene.keys("x");
    assert!(scene.said().starts_with("Enter restores the draft"));
    scene.key(KeyCode::Enter);
    assert!(
        scene.text().contains("╭ • mine · input"),
        "{}",
        scene.text()
    );
    scene.keys("5");
    assert!(scene.text().contains("• Drawing pad"), "{}", scene.text());
    assert_eq!(scene.drafts.last(), Some(&DraftCommand::ForgetFound));
    let mut scene = offered(80, 24);
    scene.keys("d");
    assert_eq!(scene.drafts, [DraftCommand::ForgetFound]);
    assert!(!scene.text().contains('•'), "{}", scene.text());
}
