//! The list of accounts: filters, sorts, pages, cursors.

use shopkeeper::domain::access::Role;
use shopkeeper::domain::page::{Keyset, Order, Page, PageRequest, Position, Side, SortValue};
use shopkeeper::domain::user::{Email, FullName, Status, User, UserFilter, UserSort};

use crate::{Room, at, user};

const NAMES: [&str; 7] = ["delta", "Alpha", "golf", "charlie", "Bravo", "foxtrot", "echo"];

async fn seven() -> Room {
    let room = Room::new().await;
    for (number, name) in (1..).zip(NAMES) {
        let role = if number % 3 == 0 { Role::Moderator } else { Role::User };
        let status = if number % 2 == 0 { Status::Suspended } else { Status::Active };
        room.add(&User { role, status, ..user(number, name) }).await;
    }
    room
}

async fn list(room: &Room, filter: &UserFilter, sort: UserSort, order: Order, request: PageRequest) -> Page<User> {
    room.store.users(filter, sort, order, &request).await.expect("a page")
}

fn names(page: &Page<User>) -> Vec<&str> {
    page.items.iter().map(|user| user.username.as_str()).collect()
}

async fn all_matching(room: &Room, filter: UserFilter) -> Vec<String> {
    let page = list(room, &filter, UserSort::CreatedAt, Order::Ascending, PageRequest::default()).await;
    assert_eq!(page.total, Some(page.items.len() as u64));
    names(&page).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn lists_are_sorted_by_age_name_or_address_in_both_directions() {
    let room = seven().await;
    let sorted = ["Alpha", "Bravo", "charlie", "delta", "echo", "foxtrot", "golf"];
    for (sort, ascending) in [(UserSort::CreatedAt, NAMES), (UserSort::Username, sorted), (UserSort::Email, sorted)] {
        let up = list(&room, &UserFilter::default(), sort, Order::Ascending, PageRequest::default()).await;
        assert_eq!(names(&up), ascending);
        let down = list(&room, &UserFilter::default(), sort, Order::Descending, PageRequest::default()).await;
        assert_eq!(names(&down), ascending.into_iter().rev().collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn pages_and_offsets_count_the_whole_list() {
    let room = seven().await;
    let part = |position| {
        let request = PageRequest::new(3, position);
        async { list(&room, &UserFilter::default(), UserSort::CreatedAt, Order::Ascending, request).await }
    };
    let second = part(Position::Page(2)).await;
    assert_eq!((names(&second), second.total), (vec!["charlie", "Bravo", "foxtrot"], Some(7)));
    assert!(second.has_next && second.has_prev);

    let last = part(Position::Offset(6)).await;
    assert_eq!((names(&last), last.has_next, last.has_prev), (vec!["echo"], false, true));

    let beyond = part(Position::Page(u64::MAX)).await;
    assert_eq!((beyond.items.len(), beyond.total, beyond.has_next), (0, Some(7), false));
}

#[tokio::test]
async fn walking_by_cursor_shows_every_row_once_there_and_back() {
    let room = seven().await;
    for sort in [UserSort::CreatedAt, UserSort::Username, UserSort::Email] {
        for order in [Order::Ascending, Order::Descending] {
            let whole = list(&room, &UserFilter::default(), sort, order, PageRequest::default()).await;
            let mut part =
                list(&room, &UserFilter::default(), sort, order, PageRequest::new(2, Position::Page(1))).await;
            let mut seen = part.items.clone();
            let mut way_back = vec![part.items.clone()];
            while let Some(next) = part.next.take() {
                let request = PageRequest::new(2, Position::Cursor(Side::After, next));
                part = list(&room, &UserFilter::default(), sort, order, request).await;
                assert_eq!(part.total, None, "a cursor does not count");
                seen.extend(part.items.clone());
                way_back.push(part.items.clone());
            }
            assert_eq!(seen, whole.items);
            way_back.pop();
            while let Some(prev) = part.prev.take() {
                let request = PageRequest::new(2, Position::Cursor(Side::Before, prev));
                part = list(&room, &UserFilter::default(), sort, order, request).await;
                assert_eq!(Some(part.items.clone()), way_back.pop());
            }
            assert!(way_back.is_empty());
        }
    }
}

#[tokio::test]
async fn rows_of_the_same_moment_are_told_apart_by_their_id() {
    let room = Room::new().await;
    for number in 1..=5 {
        room.add(&User { created_at: at(0), ..user(number, &format!("twin_{number}")) }).await;
    }
    let mut request = PageRequest::new(2, Position::Page(1));
    let mut seen = Vec::new();
    loop {
        let part = list(&room, &UserFilter::default(), UserSort::CreatedAt, Order::Descending, request).await;
        seen.extend(part.items.iter().map(|user| user.id));
        match part.next {
            Some(next) => request = PageRequest::new(2, Position::Cursor(Side::After, next)),
            None => break,
        }
    }
    assert_eq!(seen, (1..=5).rev().map(|number| user(number, "twin").id).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_cursor_stays_put_while_rows_come_and_go() {
    let room = seven().await;
    let place = Keyset { value: SortValue::Text("charlie".to_owned()), id: user(4, "charlie").id };
    room.add(&user(8, "aaa")).await;
    let tx = room.store.begin().await.expect("a transaction");
    tx.anonymise_user(user(4, "charlie").id, at(60)).await.expect("a live account");
    tx.commit().await.expect("a commit");

    let request = PageRequest::new(2, Position::Cursor(Side::After, place));
    let part = list(&room, &UserFilter::default(), UserSort::Username, Order::Ascending, request).await;
    assert_eq!(names(&part), ["delta", "echo"]);
}

#[tokio::test]
async fn filters_narrow_the_list_together() {
    let room = seven().await;
    let none = UserFilter::default();
    assert_eq!(
        all_matching(&room, UserFilter { role: Some(Role::Moderator), ..none.clone() }).await,
        ["golf", "foxtrot"]
    );
    let suspended = UserFilter { status: Some(Status::Suspended), ..none.clone() };
    assert_eq!(all_matching(&room, suspended.clone()).await, ["Alpha", "charlie", "foxtrot"]);
    let both = UserFilter { role: Some(Role::Moderator), ..suspended };
    assert_eq!(all_matching(&room, both).await, ["foxtrot"]);
    let between = UserFilter { created_after: Some(at(2)), created_before: Some(at(5)), ..none.clone() };
    assert_eq!(all_matching(&room, between).await, ["golf", "charlie"], "the moments themselves are outside");
    assert_eq!(all_matching(&room, UserFilter { role: Some(Role::Admin), ..none }).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_search_looks_through_names_and_addresses_without_case_and_without_wildcards() {
    let room = Room::new().await;
    room.add(&User { full_name: FullName::parse("Žofie ÅNGSTRÖM").expect("a name"), ..user(1, "zofie_a") }).await;
    room.add(&User { email: Email::parse("q+100%x@Example.org").expect("an address"), ..user(2, "quentin") }).await;
    room.add(&user(3, "zofieXa")).await;

    let search = |text: &str| {
        let filter = UserFilter { search: Some(text.to_owned()), ..UserFilter::default() };
        async { all_matching(&room, filter).await }
    };
    assert_eq!(search("ångström").await, ["zofie_a"]);
    assert_eq!(search("OFIE").await, ["zofie_a", "zofieXa"]);
    assert_eq!(search("zofie_a").await, ["zofie_a"], "an underscore is an underscore");
    assert_eq!(search("100%X@example").await, ["quentin"], "a percent sign is a percent sign");
    assert_eq!(search("\\").await, Vec::<String>::new());
    assert_eq!(search("quentinq").await, Vec::<String>::new(), "fields do not run together");
}
