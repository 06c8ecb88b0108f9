//! Work that is not saved, through real ends of the program: Ctrl-C, a signal, a kill, and `q`.

use super::{PATIENCE, Path, PathBuf, Terminal, add, folder, fs, thread};
use std::time::{Duration, Instant};

/// The drafts on the disk, once there are `count` of them and `is_right` says that each is as it should be.
fn drafts(home: &Path, count: usize, is_right: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let folder = home.join(".local/state/convscope/drafts");
    let until = Instant::now() + PATIENCE;
    loop {
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        let paths: Vec<PathBuf> = entries
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
            .collect();
        let read = |path| fs::read_to_string(path).is_ok_and(|text| is_right(&text));
        if paths.len() == count && paths.iter().all(read) {
            return paths;
        }
        assert!(
            Instant::now() < until,
            "expected {count} drafts, found {paths:?}"
        );
        thread::sleep(Duration::from_millis(5));
    }
}

/// A lab with a network of two layers that stands in no file.
fn build(folder: &Path) -> Terminal {
    let mut terminal = Terminal::start(folder, 80, 40);
    terminal.wait_for(&["Ankle boot"]);
    terminal.keys("3n");
    terminal.wait_for(&["No layers yet"]);
    add(&mut terminal, "f", &[], "flatten ");
    add(&mut terminal, "e", &["77", "r"], "dense ");
    terminal.wait_for(&["╭ • new · input"]);
    terminal
}

/// Starts again, takes the draft that is offered, and finds the network of [`build`].
fn restore(folder: &Path) -> Terminal {
    let mut terminal = Terminal::start(folder, 80, 40);
    terminal.wait_for(&["Unsaved work", "A draft of new, from ", "leave for later"]);
    terminal.keys("\r");
    terminal.wait_for(&["╭ • new · input", "flatten ", "dense ", "77"]);
    terminal
}

#[test]
fn a_network_survives_control_c_and_stays_until_it_is_saved() {
    let folder = folder();
    let mut terminal = build(folder.path());
    terminal.keys("\x03");
    assert_eq!(terminal.wait_for_end(), 130);
    drafts(folder.path(), 1, |text| text.contains("units: 77"));

    // Left for later, it is offered again; the preset that is named is on the screen meanwhile.
    let mut terminal = Terminal::start(folder.path(), 80, 40);
    terminal.wait_for(&["Unsaved work"]);
    terminal.keys("\x1b");
    terminal.wait_for(&["Ankle boot"]);
    terminal.keys("3");
    terminal.wait_for(&["╭ quick · input"]);
    terminal.keys("q");
    assert_eq!(terminal.wait_for_end(), 0);

    let mut terminal = restore(folder.path());
    terminal.keys("q");
    terminal.wait_for(&["Quit without saving?", "new has unsaved changes."]);
    terminal.keys("s");
    terminal.wait_for(&["Save the preset as"]);
    terminal.keys("\x1b[Fer\r");
    assert_eq!(terminal.wait_for_end(), 0);
    drafts(folder.path(), 0, |_| true);
    let saved = folder.path().join(".config/convscope/presets/newer.yaml");
    let saved = fs::read_to_string(saved).unwrap();
    assert!(saved.contains("units: 77"), "{saved}");

    let mut terminal = Terminal::start_with(
        &["--data", "fashion-mnist-starter", "--preset", "newer"],
        folder.path(),
        (80, 40),
    );
    terminal.wait_for(&["Ankle boot"]);
    assert!(!terminal.screen.screen().contents().contains("Unsaved work"));
    terminal.keys("3");
    terminal.wait_for(&["╭ newer · input", "77"]);
    terminal.keys("q");
    assert_eq!(terminal.wait_for_end(), 0);
}

#[cfg(unix)]
#[test]
fn a_network_survives_a_kill_and_q_without_saving_forgets_it() {
    let folder = folder();
    let mut terminal = build(folder.path());
    // Nothing tells the program that its end is near.
    drafts(folder.path(), 1, |text| text.contains("units: 77"));
    terminal.child.kill().unwrap();
    terminal.wait_for_end();

    let mut terminal = restore(folder.path());
    drafts(folder.path(), 1, |text| text.contains("units: 77"));
    terminal.child.kill().unwrap();
    terminal.wait_for_end();

    let mut terminal = restore(folder.path());
    terminal.keys("q");
    terminal.wait_for(&["Quit without saving?"]);
    terminal.keys("n");
    terminal.wait_for(&["╭ Facts "]);
    terminal.keys("qy");
    assert_eq!(terminal.wait_for_end(), 0);
    drafts(folder.path(), 0, |_| true);
}

#[cfg(unix)]
#[test]
fn half_typed_text_and_a_drawing_survive_a_signal() {
    let folder = folder();
    let mut terminal = Terminal::start(folder.path(), 80, 24);
    terminal.wait_for(&["Ankle boot"]);
    terminal.keys("5d");
    terminal.wait_for(&["Draw something"]);
    terminal.keys(" jjjj ");
    terminal.wait_for(&["╭ • Drawing pad", "row 18, column 14"]);
    terminal.keys("3t");
    terminal.wait_for(&["name: quick # and small"]);
    terminal.keys("nonsense");
    terminal.wait_for(&["nonsense", "╭ • quick as text"]);
    // Esc alone no longer forgets it.
    terminal.keys("\x1b");
    terminal.wait_for(&["Discard the changes to the text?"]);
    terminal.keys("n");
    let pid = terminal.child.process_id().unwrap();
    let pid = rustix::process::Pid::from_raw(pid.cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(terminal.wait_for_end(), 130);

    let mut terminal = Terminal::start(folder.path(), 80, 24);
    terminal.wait_for(&["A draft of a text in the editor and a drawing, from "]);
    terminal.keys("\r");
    terminal.wait_for(&["nonsense", "╭ • quick as text", "name: quick # and small"]);
    terminal.keys("\x1b");
    terminal.wait_for(&["Discard the changes to the text?"]);
    terminal.keys("y");
    terminal.wait_for(&["╭ Facts "]);
    terminal.keys("5");
    terminal.wait_for(&["╭ • Drawing pad", "⣿"]);
    terminal.keys("q");
    terminal.wait_for(&["The drawing is not saved."]);
    terminal.keys("s");
    assert_eq!(terminal.wait_for_end(), 0);
    assert!(folder.path().join("drawing-1.png").exists());
    drafts(folder.path(), 0, |_| true);
}

#[test]
fn two_labs_in_one_folder_leave_each_others_drafts_alone() {
    let folder = folder();
    let mut first = build(folder.path());
    drafts(folder.path(), 1, |_| true);
    let mut second = build(folder.path());
    drafts(folder.path(), 2, |text| text.contains("units: 77"));
    second.keys("qy");
    assert_eq!(second.wait_for_end(), 0);
    drafts(folder.path(), 1, |_| true);
    first.keys("\x03");
    assert_eq!(first.wait_for_end(), 130);
    restore(folder.path()).child.kill().unwrap();
}
