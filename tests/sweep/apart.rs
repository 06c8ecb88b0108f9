//! A sweep in a process of its own, as the lab starts it.

use std::fs;
use std::path::Path;

use convscope::sweep::{SweepFile, SweepFolder, Trials, run_apart};

use crate::support::{VARY, place, results, status, wait_for};

#[test]
fn a_sweep_that_is_started_apart_has_a_session_of_its_own_and_a_log() {
    let place = place(40, VARY);
    let file = SweepFile::open(&place.path("sweep.yaml")).unwrap();
    let trials = Trials::of(&file, "sweep.yaml").unwrap();
    let folder = SweepFolder::create(&place.path("sweeps"), &file, &trials).unwrap();
    let sweep = folder.path().to_owned();
    // What the preset names is relative to the folder where the sweep was made.
    let plan = fs::read_to_string(sweep.join("plan.json")).unwrap();
    let here = std::env::current_dir().unwrap();
    let plan = plan.replace(
        here.to_str().unwrap(),
        place.path("").to_str().unwrap().trim_end_matches('/'),
    );
    fs::write(sweep.join("plan.json"), plan).unwrap();

    run_apart(Path::new(env!("CARGO_BIN_EXE_convscope")), &folder).unwrap();
    let runner = wait_for(|| folder.run_by()).process;
    if let Ok(stat) = fs::read_to_string(format!("/proc/{runner}/stat")) {
        // After the name in brackets: state, parent, group, session.
        let fields = stat.rsplit(')').next().unwrap().split_whitespace();
        let session: u32 = fields.clone().nth(3).unwrap().parse().unwrap();
        assert_eq!(session, runner, "{stat}");
    }
    // Asked to, it saves its runs and ends, and is resumed in the same way.
    folder.cancel().unwrap();
    wait_for(|| folder.run_by().is_none().then_some(()));
    run_apart(Path::new(env!("CARGO_BIN_EXE_convscope")), &folder).unwrap();
    let is_done = || {
        let states = status(&place, &sweep);
        let mut states = states.iter();
        states
            .all(|trial| trial["state"] == "finished")
            .then_some(())
    };
    wait_for(is_done);
    assert_eq!(results(&sweep).len(), 4);
    let log = fs::read_to_string(folder.log()).unwrap();
    assert!(log.contains("4 trials left"), "{log}");
    wait_for(|| folder.run_by().is_none().then_some(()));
}
