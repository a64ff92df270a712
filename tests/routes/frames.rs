//! The page that others frame.

use crate::faces::{ask, named, share};
use crate::*;

#[tokio::test]
async fn only_the_embed_page_may_be_framed() {
    let app = state(Config::default()).await;
    let (id, _) = share(&app, &named()).await;
    let embed = ask(&app, &format!("/d/{id}?embed=1&at=node:30080")).await;
    let policy = embed.header("content-security-policy");
    assert!(
        policy.ends_with("frame-ancestors *") && !policy.contains("script") && !policy.contains("unsafe")
    );
    assert_eq!((embed.status, embed.header("x-robots-tag")), (StatusCode::OK, "noindex"));
    assert!(!embed.text().contains("<script") && !embed.text().contains("<form"));
    let lit = |page: &str| page.matches(" lit\"").count();
    assert!(lit(embed.text()) > 0, "what is selected is lit");
    assert_eq!(lit(ask(&app, &format!("/d/{id}?embed=1")).await.text()), 0);
    assert_eq!(embed.text().matches("<a ").count(), 1, "the way to the page is the only one");
    assert_eq!(
        embed.text().matches("rel=\"preload\" as=\"font\"").count(),
        3,
        "the board is measured in them"
    );
    assert!(embed.text().contains(&format!("href=\"/d/{id}?at=node:30080\"")));
    for path in ["", "?embed=0", "?embed", ".svg?embed=1", ".json", "/badge.svg", "/preview.png?embed=1"] {
        let answer = ask(&app, &format!("/d/{id}{path}")).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'") || policy.ends_with("sandbox"), "{path}: {policy}");
        assert!(!policy.contains("frame-ancestors *"), "{path}");
    }
    // Each theme has a style sheet of its own, after the page's.
    for (theme, name, tokens) in
        [("", "board.css", 4), ("&theme=light", "board-light.css", 3), ("&theme=dark", "board-dark.css", 4)]
    {
        let answer = ask(&app, &format!("/d/{id}?embed=1{theme}")).await;
        let (_, link) = answer.text().rsplit_once("rel=\"stylesheet\" href=\"").unwrap();
        let (link, _) = link.split_once('"').unwrap();
        assert!(link.ends_with(name), "{link}");
        let sheet = ask(&app, link).await;
        assert_eq!(sheet.header("content-type"), "text/css");
        assert!(sheet.header("cache-control").contains("immutable"));
        assert_eq!(sheet.text().matches("--bg:").count(), tokens, "{name}");
        let scheme = theme.replace("&theme=", "color-scheme:");
        assert!(sheet.text().contains(&scheme), "{name}");
        assert_eq!(sheet.text().contains("prefers-color-scheme"), theme.is_empty(), "{name}");
    }
    // Why there is no board is told in its frame.
    for (query, status, words) in [
        ("theme=blue", StatusCode::BAD_REQUEST, "is none of auto, light, dark."),
        ("trace=::::", StatusCode::BAD_REQUEST, "Trace: "),
        ("theme=dark&theme=light", StatusCode::BAD_REQUEST, "duplicate field `theme`"),
        ("find=nobody", StatusCode::NOT_FOUND, "Nothing matches: words nobody."),
    ] {
        let answer = ask(&app, &format!("/d/{id}?embed=1&{query}")).await;
        assert_eq!(answer.status, status, "{query}");
        assert!(answer.text().contains(words), "{query}: {}", answer.text());
        assert!(answer.header("content-security-policy").ends_with("frame-ancestors *"), "{query}");
        assert!(
            answer.text().contains("<body class=\"embed\">"),
            "{query}: no page that may not be framed is a click away"
        );
    }
    let page = ask(&app, &format!("/d/{id}?theme=dark&theme=light")).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.header("content-security-policy").ends_with("frame-ancestors 'none'"));
}
