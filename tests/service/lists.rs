//! Cursors: where they lead, and on which list alone.

use shopkeeper::domain::access::Role;
use shopkeeper::domain::api_key::ApiKeySort;
use shopkeeper::domain::page::Order;
use shopkeeper::domain::user::{User, UserFilter, UserSort};
use shopkeeper::service::{Error, List, ListRequest};

use crate::{Room, violations};

fn by_cursor(cursor: &str) -> ListRequest {
    ListRequest::choose(Some(2), None, None, Some(cursor.to_owned()))
}

async fn users(room: &Room, filter: &UserFilter, sort: UserSort, request: &ListRequest) -> Result<List<User>, Error> {
    room.shop.users(&*room.admin().await, filter, sort, Order::Ascending, request).await
}

async fn five() -> Room {
    let room = Room::new().await;
    for name in ["bea", "cid", "dora", "eve"] {
        room.register(name).await;
        room.pass(1);
    }
    room
}

#[tokio::test]
async fn a_list_can_be_walked_by_cursor_from_the_empty_one_on() {
    let room = five().await;
    let mut cursor = String::new();
    let mut seen = Vec::new();
    loop {
        let part = users(&room, &UserFilter::default(), UserSort::Username, &by_cursor(&cursor)).await.expect("a part");
        assert_eq!(part.total, None);
        assert_eq!(part.has_prev, !seen.is_empty());
        seen.extend(part.items.iter().map(|user| user.username.to_string()));
        match part.next_cursor {
            Some(next) => cursor = next,
            None => break,
        }
    }
    assert_eq!(seen, ["admin", "bea", "cid", "dora", "eve"]);
}

#[tokio::test]
async fn a_page_leads_on_by_cursor_too() {
    let room = five().await;
    let page = ListRequest::choose(Some(2), Some(2), None, None);
    let part = users(&room, &UserFilter::default(), UserSort::Username, &page).await.expect("a part");
    assert_eq!(part.total, Some(5));
    let back = by_cursor(&part.prev_cursor.expect("a way back"));
    let part = users(&room, &UserFilter::default(), UserSort::Username, &back).await.expect("a part");
    assert_eq!(part.items.iter().map(|user| user.username.as_str()).collect::<Vec<_>>(), ["admin", "bea"]);
}

#[tokio::test]
async fn a_cursor_is_good_for_the_list_that_made_it_and_no_other() {
    let room = five().await;
    let none = UserFilter::default();
    let part = users(&room, &none, UserSort::Username, &by_cursor("")).await.expect("a part");
    let cursor = part.next_cursor.expect("there is more");
    let altered = format!("{}A", &cursor[..cursor.len() - 1]);
    let other_filter = UserFilter { role: Some(Role::User), ..none.clone() };

    let refused = [("cursor", "cursor")];
    assert_eq!(violations(users(&room, &none, UserSort::Email, &by_cursor(&cursor)).await), refused);
    assert_eq!(violations(users(&room, &other_filter, UserSort::Username, &by_cursor(&cursor)).await), refused);
    for text in [altered.as_str(), "nonsense", "!", "AAAA", &"A".repeat(64)] {
        assert_eq!(violations(users(&room, &none, UserSort::Username, &by_cursor(text)).await), refused, "{text}");
    }
    let admin = room.admin().await;
    let descending = room.shop.users(&admin, &none, UserSort::Username, Order::Descending, &by_cursor(&cursor)).await;
    assert_eq!(violations(descending), refused);
    let keys = room.shop.api_keys(&admin, ApiKeySort::Name, Order::Ascending, &by_cursor(&cursor)).await;
    assert_eq!(violations(keys), refused);
}
