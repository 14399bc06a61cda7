//! What each use case wants (the workflow's steps 2, 3 and 6), in order of preference.

use super::draft::Draft;

const PRODUCT: [&str; 8] =
    ["product_id", "item_id", "sku", "product_sku", "product_code", "product_name", "product", "item_name"];
const PAGE: [&str; 8] = ["td_path", "page_path", "path", "td_url", "page_url", "url", "page", "td_title"];
const WHEN: [&str; 8] = [
    "event_time",
    "event_timestamp",
    "event_at",
    "timestamp",
    "occurred_at",
    "updated_at",
    "created_at",
    "client_time",
];

/// Recommendations on page load. `None` when there is no event table at all; so for all recipes.
pub(super) fn web(draft: &mut Draft<'_>) -> Option<()> {
    draft.event(
        "page_view",
        &["pageview", "page_view", "web_event", "site_event", "web_visit", "web_access_log", "event"],
    );
    draft.event("product_view", &["product_view", "item_view", "product_detail_view", "product_event"]);
    draft.or_any_event()?;
    let events = ["product_view", "page_view"];
    if let Some(found) = draft.column(&events, &PRODUCT) {
        draft.single("last_product_viewed", found.clone());
        draft.list("browsed_products_list", found);
    } else if let Some(found) = draft.column(&["page_view"], &PAGE) {
        draft.single("last_page_viewed", found.clone());
        draft.list("browsed_pages_list", found);
    }
    if draft.has_event("page_view") {
        draft.count("page_views_24h", "page_view", "24h");
    } else {
        let event = draft.first_event();
        draft.count(&format!("{event}_24h"), &event, "24h");
    }
    draft.tier();
    draft.imported(&["vip_discount_percentage", "discount_percentage"]);
    Some(())
}

/// Offers when something is put into the cart.
pub(super) fn cart(draft: &mut Draft<'_>) -> Option<()> {
    draft.event(
        "add_to_cart",
        &[
            "add_to_cart",
            "cart_add",
            "cart_addition",
            "cart_event",
            "cart",
            "basket_event",
            "basket",
            "commerce_event",
        ],
    );
    draft.event("cart_view", &["cart_view", "view_cart", "basket_view"]);
    draft.or_any_event()?;
    let events = ["add_to_cart", "cart_view"];
    if let Some(found) = draft.column(&events, &PRODUCT) {
        draft.list("cart_items_list", found);
    }
    // A total is the cart's value as it stands; a price has to be added up.
    let totals = ["cart_value", "cart_total", "cart_amount", "total_amount", "total_value", "total_price"];
    let prices = ["amount", "price", "item_price", "product_price", "unit_price", "value"];
    if let Some(found) = draft.column(&events, &totals) {
        draft.single("cart_value", found);
    } else if let Some(found) = draft.number(&events, &prices) {
        draft.sum("cart_value", found, "24h");
    }
    let when = draft
        .time_column(&events, &["cart_updated_at", "updated_at", "event_time", "timestamp", "created_at"]);
    draft.single("last_cart_update", when);
    draft.tier();
    Some(())
}

/// Profile data in real time.
pub(super) fn profile(draft: &mut Draft<'_>) -> Option<()> {
    draft.event("login", &["login", "user_login", "signin", "sign_in", "login_event"]);
    draft.event("session_start", &["session_start", "session", "session_event", "app_open", "visit"]);
    draft.or_any_event()?;
    draft.tier();
    draft.imported(&["total_purchase_value", "lifetime_value", "ltv", "clv", "total_spend", "total_spent"]);
    draft.imported(&["lifetime_orders", "total_orders", "order_count", "purchase_count", "orders"]);
    let (last, count, event) = if draft.has_event("login") {
        ("last_login", "logins_30d", "login".to_owned())
    } else if draft.has_event("session_start") {
        ("last_session", "sessions_30d", "session_start".to_owned())
    } else {
        ("last_activity", "activities_30d", draft.first_event())
    };
    let when = draft.time_column(&[&event], &WHEN);
    draft.single(last, when);
    draft.count(count, &event, "30d");
    Some(())
}

/// Content by consumption.
pub(super) fn content(draft: &mut Draft<'_>) -> Option<()> {
    draft.event(
        "content_view",
        &[
            "content_view",
            "article_view",
            "article_read",
            "content_event",
            "media_event",
            "post_view",
            "content",
        ],
    );
    draft.event(
        "video_watch",
        &["video_watch", "video_view", "video_play", "video_event", "watch_event", "stream_event", "video"],
    );
    draft.or_any_event()?;
    let ids =
        ["content_id", "article_id", "video_id", "asset_id", "media_id", "post_id", "content_title", "title"];
    let events = ["content_view", "video_watch"];
    if let Some(found) = draft.column(&events, &ids).or_else(|| draft.column(&events, &PAGE)) {
        draft.list("viewed_content_list", found);
    }
    let categories =
        ["category", "content_category", "article_category", "video_category", "genre", "topic", "section"];
    if let Some(found) = draft.column(&events, &categories) {
        draft.list("favorite_categories", found);
    }
    let lengths = [
        "watch_time",
        "watch_time_seconds",
        "watch_seconds",
        "watch_duration",
        "seconds_watched",
        "watched_seconds",
        "play_time",
        "duration_seconds",
        "duration",
        "duration_sec",
    ];
    if let Some(found) = draft.number(&["video_watch", "content_view"], &lengths) {
        draft.sum("watch_time_24h", found, "24h");
    }
    let event = draft.first_event();
    let name = match event.as_str() {
        "content_view" => "content_views_24h".to_owned(),
        "video_watch" => "videos_watched_24h".to_owned(),
        other => format!("{other}_24h"),
    };
    draft.count(&name, &event, "24h");
    draft.tier();
    Some(())
}
