//! How one key follows another: who knows which, and for how long.

use super::*;

#[test]
fn keys_survive_a_restart() {
    let room = room();
    let token = room.issue(&room.claims());
    let restarted = open(&room.home, &room.clock);
    assert_eq!(restarted.verify(&token, room.clock.now()), Ok(room.claims()));
    assert_eq!(restarted.list(room.clock.now()), room.keyring.list(room.clock.now()));
}

#[test]
fn a_new_key_is_known_before_it_signs_and_the_old_one_until_its_last_token_has_expired() {
    let room = room();
    let (old_kid, folder) = (room.kid(), room.folder());
    let new_kid = rotate(&folder, room.clock.now(), Duration::from_mins(10)).expect("a new key");
    assert!(room.keyring.refresh(room.clock.now()).expect("a look"), "it is noticed");
    assert!(!room.keyring.refresh(room.clock.now()).expect("a look"), "nothing changed since");
    let kids =
        || room.keyring.list(room.clock.now()).into_iter().map(|key| (key.kid, key.standing)).collect::<Vec<_>>();
    assert_eq!(kids(), [(new_kid.clone(), Standing::Waits), (old_kid.clone(), Standing::Signs)]);
    assert_eq!(room.keyring.jwks()["keys"].as_array().map(Vec::len), Some(2), "everybody can know it by now");

    room.clock.advance(Duration::from_mins(10) - Duration::from_secs(1));
    let last = room.issue(&room.claims());
    assert_eq!(kid_of(&last), old_kid);
    room.clock.advance(Duration::from_secs(1));
    let first = room.issue(&room.claims());
    assert_eq!(kid_of(&first), new_kid);
    let until = room.clock.now() + TimeDelta::minutes(16);
    assert_eq!(kids(), [(new_kid.clone(), Standing::Signs), (old_kid, Standing::Verifies { until })]);

    room.clock.advance(Duration::from_mins(15) - Duration::from_secs(2));
    room.keyring.refresh(room.clock.now()).expect("a look");
    assert!(room.verify(&last).is_ok() && room.verify(&first).is_ok(), "one second before the last token expires");
    room.clock.advance(Duration::from_mins(1) + Duration::from_secs(2));
    assert!(room.keyring.refresh(room.clock.now()).expect("a look"), "the spent key goes");
    assert_eq!(kids(), [(new_kid, Standing::Signs)]);
    assert_eq!(std::fs::read_dir(folder).expect("a folder").count(), 1);
}

#[test]
fn keys_sign_in_the_order_of_their_making_even_when_the_clock_stands() {
    let room = room();
    let now = room.clock.now();
    let kids = [(); 3].map(|()| rotate(&room.folder(), now, Duration::ZERO).expect("a new key"));
    room.clock.advance(Duration::from_secs(1));
    room.keyring.refresh(room.clock.now()).expect("a look");
    assert_eq!(kid_of(&room.issue(&room.claims())), kids[2]);
    assert_eq!(room.keyring.list(room.clock.now()).len(), 4);
}

#[test]
fn where_no_key_may_sign_yet_the_oldest_does() {
    let room = room();
    rotate(&room.folder(), room.clock.now(), Duration::from_mins(10)).expect("a new key");
    let early = Clock::fixed(room.clock.now() - TimeDelta::hours(1));
    let restarted = open(&room.home, &early);
    let standings: Vec<_> = restarted.list(early.now()).into_iter().map(|key| key.standing).collect();
    assert_eq!(standings, [Standing::Waits, Standing::Signs]);
}

#[test]
fn a_key_in_wrong_hands_is_replaced_and_what_it_signed_is_refused() {
    let room = room();
    let stolen = room.issue(&room.claims());
    rotate(&room.folder(), room.clock.now(), Duration::from_mins(10)).expect("a new key");
    let kid = replace(&room.folder(), room.clock.now()).expect("another key");
    room.keyring.refresh(room.clock.now()).expect("a look");
    assert_eq!(room.verify(&stolen), Err(TokenError::UnknownKey));
    // A second later, since even one that only waited is older than its successor.
    room.clock.advance(Duration::from_secs(1));
    assert_eq!(kid_of(&room.issue(&room.claims())), kid);
    assert_eq!(room.keyring.list(room.clock.now()).len(), 1);
}

#[test]
fn a_key_that_another_instance_made_is_found_when_a_token_names_it() {
    let room = room();
    rotate(&room.folder(), room.clock.now(), Duration::ZERO).expect("a new key");
    room.clock.advance(Duration::from_secs(1));
    let token = open(&room.home, &room.clock).issue(&room.claims()).expect("a token");
    assert_eq!(room.verify(&token), Ok(room.claims()));
}

#[test]
fn strangers_who_name_unknown_keys_cause_one_look_per_second() {
    let (room, stranger) = (room(), self::room());
    let kid = rotate(&room.folder(), room.clock.now(), Duration::ZERO).expect("a new key");
    room.clock.advance(Duration::from_secs(1));
    let token = open(&room.home, &room.clock).issue(&room.claims()).expect("a token");
    let files = std::fs::read_dir(room.folder()).expect("a folder").map(|entry| entry.expect("a file").path());
    let file = files.into_iter().find(|path| path.to_string_lossy().contains(&kid)).expect("the new key's file");
    let aside = room.home.path().join("aside");
    std::fs::rename(&file, &aside).expect("it is out of sight");
    assert_eq!(room.verify(&stranger.issue(&room.claims())), Err(TokenError::UnknownKey));
    std::fs::rename(&aside, &file).expect("it is there");

    assert_eq!(room.verify(&token), Err(TokenError::UnknownKey), "the look of this second is spent");
    room.clock.advance(Duration::from_secs(1));
    assert!(room.verify(&token).is_ok());
}

#[test]
fn a_damaged_key_stops_the_start_and_leaves_a_running_keyring_alone() {
    let room = room();
    let token = room.issue(&room.claims());
    let folder = room.home.path().join("keys");
    let name = format!("signing-{:020}-x.der", 5);
    crate::infra::keyfiles::create(&folder.join(name), &b"no key".to_vec().into()).expect("a file");

    assert!(matches!(
        Keyring::load_or_create(&folder, ISSUER, AUDIENCE, &room.clock),
        Err(KeyFileError::Damaged { .. })
    ));
    assert!(room.keyring.reload().is_err());
    assert!(room.verify(&token).is_ok());
}
