//! A picture of the screen, as it is when the user saves one.

use convscope::lab::PaneId;
use convscope::picture::{Shape, to_svg};
use convscope::screen::SavePicture;
use convscope::worker::Event;
use crossterm::event::KeyCode;

use super::scene::Scene;

/// The texts of a picture of the screen, in the order of their rows.
fn texts(scene: &Scene) -> String {
    let picture = scene.interface.picture().picture();
    let texts = picture.shapes().iter().filter_map(|shape| match shape {
        Shape::Text(text) => Some(text.text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_picture_shows_what_is_on_the_screen() {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let mut scene = Scene::finished(columns, rows);
        for digit in ["1", "2", "3", "4", "5", "6"] {
            scene.keys(digit);
            scene.answer();
            let picture = scene.interface.picture().picture();
            let size = [f32::from(columns) * 8.0, f32::from(rows) * 16.0];
            assert_eq!(picture.size(), size);
            assert!(to_svg(&picture).len() < 400_000, "{digit}");
            let drawn = texts(&scene);
            // Words without boxes and blocks, as far as they are not cut.
            let text = scene.text();
            let words = text.split_whitespace().filter(|word| word.len() > 3);
            let words = words.filter(|word| word.chars().all(char::is_alphabetic));
            for word in words {
                assert!(drawn.contains(word), "{digit}: {word}\n{drawn}");
            }
        }
    }
}

#[test]
fn the_screen_is_saved_by_name_without_the_form_that_asks_for_it() {
    let mut scene = Scene::finished(100, 30);
    scene.keys("5");
    scene.answer();
    let before = scene.interface.picture();
    scene.keys(":");
    scene.keys("save this screen");
    scene.key(KeyCode::Enter);
    assert!(
        scene.text().contains("Save this screen"),
        "{}",
        scene.text()
    );
    scene.keys("a.txt");
    scene.key(KeyCode::Enter);
    assert!(
        scene.text().contains("ends in .svg or .png"),
        "{}",
        scene.text()
    );
    assert_eq!(scene.asked::<SavePicture>().len(), 0);
    scene.control('u');
    scene.keys("a.png");
    scene.key(KeyCode::Enter);
    let pending = scene.take_asked::<SavePicture>();
    let SavePicture { file, pane, screen } = &pending.question;
    assert_eq!((file.as_str(), pane.as_str()), ("a.png", "results"));
    assert_eq!(*screen, before);
    pending.answer("/home/me/a.png".into());
    scene.tell(Event::Answered);
    assert_eq!(scene.said(), "Saved to /home/me/a.png.");
    let work = &scene.lab.work;
    assert!(
        work.contains(&("screen", "/home/me/a.png".into())),
        "{work:?}"
    );

    // Its key works over a list, which is in the picture and stays open.
    scene.keys(":");
    let before = scene.interface.picture();
    scene.control('s');
    assert!(scene.text().contains("SVG or PNG"), "{}", scene.text());
    scene.control('s');
    scene.key(KeyCode::Enter);
    let pending = scene.take_asked::<SavePicture>();
    assert_eq!(pending.question.screen, before);
    pending.answer("/home/me/b.svg".into());
    scene.tell(Event::Answered);
    assert!(scene.text().contains("Palette"), "{}", scene.text());
    scene.key(KeyCode::Esc);

    // Its key works on every pane; an empty name leaves the choice to the worker.
    for (pane, digit) in PaneId::ALL.iter().zip('1'..) {
        scene.keys(&digit.to_string());
        scene.control('s');
        scene.key(KeyCode::Enter);
        let pending = scene.take_asked::<SavePicture>();
        assert_eq!(pending.question.file, "");
        assert_eq!(pending.question.pane, pane.title().to_lowercase());
        pending.fail("the disk is full");
        scene.tell(Event::Answered);
        assert_eq!(scene.said(), "Could not save the screen: the disk is full");
    }
}
