//! The picture of an incident as parts of an SVG.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use detect::{Color, Confidence, Edge, EdgeKind, Graph, Node, NodeKind};

use super::drawn::{DrawnEdge, What, drawn};
use super::layout::{CARD_HEIGHT, CARD_WIDTH, layout};
use super::plain::Plain;
use crate::limits::HTML_TEXT_MAX;
use crate::words;

/// Width of a card's title, in hundredths of the size of its letters; a long one has small letters.
const TITLE_WIDTH: usize = 1_250;
const TITLE_WIDTH_SMALL: usize = 1_430;
/// The same for a card's second line, whose letters are thinner.
const SUBTITLE_WIDTH: usize = 1_620;
/// Characters of a badge.
const BADGE_MAX: usize = 10;
/// Characters on an edge.
const LABEL_MAX: usize = 26;
/// Arrows from one card above which they are a fan.
const FAN: usize = 5;
/// Share of the natural width below which a picture scrolls instead of shrinking, in percent.
const WIDTH_MIN_PERCENT: i64 = 74;

/// A picture.
pub(super) struct Picture {
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) width_min: i64,
    /// What it shows, for people who do not see it.
    pub(super) label: Plain,
    /// `Showing 58 of 1,412 nodes.`, when it does not show all.
    pub(super) showing: String,
    pub(super) cards: Vec<CardView>,
    pub(super) arrows: Vec<Arrow>,
}

/// A card.
pub(super) struct CardView {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) class: String,
    /// Radius of its corners.
    pub(super) radius: i64,
    pub(super) is_double: bool,
    pub(super) is_stacked: bool,
    pub(super) icon: &'static str,
    pub(super) word: &'static str,
    pub(super) title: Plain,
    /// Whether the title has small letters.
    pub(super) is_small: bool,
    pub(super) subtitle: Plain,
    pub(super) badge: Plain,
    pub(super) badge_width: usize,
    /// Everything that is known of it, for a pop-up.
    pub(super) whole: Plain,
}

/// An edge.
pub(super) struct Arrow {
    pub(super) class: String,
    pub(super) marker: &'static str,
    pub(super) width: &'static str,
    pub(super) path: String,
    pub(super) label: Plain,
    pub(super) label_class: &'static str,
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) whole: Plain,
}

/// The picture of `graph`, if there is something to draw.
pub(super) fn picture(graph: &Graph) -> Option<Picture> {
    if graph.nodes.is_empty() {
        return None;
    }
    let drawn = drawn(graph);
    let layout = layout(&drawn);
    let corner = |at: usize| layout.corners.get(at).copied().unwrap_or_default();
    let cards = drawn
        .nodes
        .iter()
        .enumerate()
        .map(|(at, node)| match node.what {
            What::Gap(number) => gap(number, corner(at)),
            What::Node(node) => card(node, corner(at)),
        })
        .collect();
    let mut leaving = vec![0_usize; drawn.nodes.len()];
    for edge in &drawn.edges {
        leaving.get_mut(edge.from).into_iter().for_each(|number| *number += 1);
    }
    let arrow_of = |edge: &DrawnEdge<'_>| {
        let arrow = arrow(edge, corner(edge.from), corner(edge.to));
        let is_fan = leaving.get(edge.from).is_some_and(|number| *number > FAN);
        if is_fan { in_fan(arrow, edge, corner(edge.to)) } else { arrow }
    };
    let arrows = drawn.edges.iter().map(arrow_of).collect();
    Some(Picture {
        width: layout.width,
        height: layout.height,
        width_min: layout.width * WIDTH_MIN_PERCENT / 100,
        label: label(graph),
        showing: showing(graph, drawn.left_out),
        cards,
        arrows,
    })
}

fn label(graph: &Graph) -> Plain {
    let deepest = graph.edges.iter().max_by_key(|edge| (edge.hop, edge.color));
    let hops = match deepest {
        Some(edge) if edge.hop > 0 => {
            format!(", deepest hop {} ({})", edge.hop, words::color(edge.color))
        }
        Some(_) | None => String::new(),
    };
    let first = graph.nodes.first().map_or("", |node| &node.label);
    Plain::of(&format!(
        "Graph from left to right, beginning at {first}: {}, {}{hops}. The tables below say the same in words.",
        words::counted(graph.nodes.len() as u64, "node"),
        words::counted(graph.edges.len() as u64, "link"),
    ))
}

fn showing(graph: &Graph, left_out: usize) -> String {
    let total = graph.nodes.len() as u64 + graph.folded;
    if left_out == 0 && graph.folded == 0 {
        return String::new();
    }
    let folded = match graph.folded {
        0 => String::new(),
        folded => format!("; {} folded into groups", words::count(folded)),
    };
    format!(
        "Showing {} of {} nodes{folded}.",
        words::count((graph.nodes.len() - left_out) as u64),
        words::count(total),
    )
}

fn card(node: &Node, (x, y): (i64, i64)) -> CardView {
    let badge =
        node.badge.as_deref().map(|badge| Plain::clipped(badge, BADGE_MAX)).unwrap_or_default();
    let is_small = letters_within(&node.label, TITLE_WIDTH).is_some();
    let mut whole = format!("{}\n{}", node.label, node.subtitle).replace('\n', " · ");
    for (name, value) in &node.details {
        whole.push_str(" · ");
        whole.push_str(name);
        whole.push_str(": ");
        whole.push_str(value);
    }
    let (icon, word) = icon(node);
    CardView {
        x,
        y,
        class: format!("node {} {}", kind_class(node.kind), on_color(node.color)),
        radius: radius(node.kind),
        is_double: node.kind == NodeKind::ExternalAccount,
        is_stacked: node.kind == NodeKind::Group,
        icon,
        word,
        title: fitting(&node.label, TITLE_WIDTH_SMALL),
        is_small,
        subtitle: fitting(&node.subtitle, SUBTITLE_WIDTH),
        badge_width: 10 + 6 * badge.columns(),
        badge,
        whole: Plain::of(&whole),
    }
}

/// `text`, cut to `width`.
fn fitting(text: &str, width: usize) -> Plain {
    Plain::clipped(text, letters_within(text, width).unwrap_or(HTML_TEXT_MAX))
}

/// How many letters of `text` fit into `width`, when not all do.
///
/// Widths are those of a bold sans serif, in hundredths of its size.
fn letters_within(text: &str, width: usize) -> Option<usize> {
    let mut taken = 0;
    for (at, letter) in text.chars().enumerate() {
        taken += match letter {
            'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | '-' | ':' | '/' | ' ' | '|' => 36,
            'm' | 'w' | 'M' | 'W' | '@' => 92,
            'A'..='Z' => 71,
            _ if letter.is_ascii() => 58,
            _ => 100,
        };
        if taken > width {
            return Some(at);
        }
    }
    None
}

fn gap(number: usize, (x, y): (i64, i64)) -> CardView {
    let title = format!("… {} …", words::counted(number as u64, "node"));
    CardView {
        x,
        y,
        class: String::from("node gap on-none"),
        radius: 8,
        is_double: false,
        is_stacked: true,
        icon: "icon-group",
        word: "MORE",
        title: Plain::of(&title),
        is_small: false,
        subtitle: Plain::of("not drawn; in JSON"),
        badge: Plain::default(),
        badge_width: 0,
        whole: Plain::of(&title),
    }
}

const fn radius(kind: NodeKind) -> i64 {
    match kind {
        NodeKind::AccessKey | NodeKind::IamUser => 0,
        NodeKind::Address | NodeKind::AwsService | NodeKind::ExternalAccount => CARD_HEIGHT / 2,
        NodeKind::Artifact
        | NodeKind::Ec2Instance
        | NodeKind::Group
        | NodeKind::IdentityProvider
        | NodeKind::RoleSession
        | NodeKind::Unknown => 8,
    }
}

const fn kind_class(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Artifact => "artifact",
        NodeKind::Unknown => "unknown",
        NodeKind::AccessKey
        | NodeKind::Address
        | NodeKind::AwsService
        | NodeKind::Ec2Instance
        | NodeKind::ExternalAccount
        | NodeKind::Group
        | NodeKind::IamUser
        | NodeKind::IdentityProvider
        | NodeKind::RoleSession => "known",
    }
}

/// The icon and the word of a kind; a thing left behind looks like what it is.
fn icon(node: &Node) -> (&'static str, &'static str) {
    match node.kind {
        NodeKind::AccessKey => ("icon-key", "KEY"),
        NodeKind::Address => ("icon-globe", "IP"),
        NodeKind::Artifact => artifact_icon(node),
        NodeKind::AwsService => ("icon-cloud", "AWS"),
        NodeKind::Ec2Instance => ("icon-server", "EC2"),
        NodeKind::ExternalAccount => ("icon-building", "ACCT"),
        NodeKind::Group => ("icon-group", "GROUP"),
        NodeKind::IamUser => ("icon-user", "USER"),
        NodeKind::IdentityProvider => ("icon-badge", "IDP"),
        NodeKind::RoleSession => ("icon-session", "ROLE"),
        NodeKind::Unknown => ("icon-unknown", "?"),
    }
}

/// Things left behind show what they are, as far as their words tell.
fn artifact_icon(node: &Node) -> (&'static str, &'static str) {
    const LOOKS: [(&str, &str, &str); 5] = [
        ("key", "icon-key", "KEY"),
        ("policy", "icon-artifact", "POLICY"),
        ("function", "icon-artifact", "CODE"),
        ("user", "icon-user", "USER"),
        ("role", "icon-session", "ROLE"),
    ];
    // A subtitle begins with the kind: `IAM user · CreateUser`.
    let kind = node.subtitle.split(" · ").next().unwrap_or_default();
    let words = kind.to_lowercase();
    let look = LOOKS.iter().find(|(word, _, _)| words.contains(word));
    look.map_or(("icon-artifact", ""), |(_, icon, word)| (icon, word))
}

const fn on_color(color: Color) -> &'static str {
    match color {
        Color::None => "on-none",
        Color::Orange => "on-orange",
        Color::Red => "on-red",
    }
}

fn arrow(drawn: &DrawnEdge<'_>, from: (i64, i64), to: (i64, i64)) -> Arrow {
    let (path, x, y) = curve(from, to);
    let color = drawn.edge.map_or(Color::None, |edge| edge.color);
    let kind = drawn.edge.map(|edge| edge.kind);
    let is_sure = drawn.edge.is_some_and(|edge| edge.confidence == Confidence::High);
    let (hop_class, marker, width, label_class) = match color {
        Color::None => ("hop-none", "arrow-none", "1.5", "label"),
        Color::Orange => ("hop-orange", "arrow-orange", "2.5", "label is-orange"),
        Color::Red => ("hop-red", "arrow-red", "4", "label is-red"),
    };
    let is_used_from = kind == Some(EdgeKind::UsedFrom);
    let style = match (is_sure, is_used_from) {
        (false, _) => " unsure",
        (true, true) => " used-from",
        (true, false) => "",
    };
    let text = drawn.edge.map(|edge| edge_label(edge, is_sure)).unwrap_or_default();
    Arrow {
        class: format!("edge {hop_class}{style}"),
        marker,
        // A dashed line of full width looks like a wall.
        width: if is_used_from { "1.5" } else { width },
        path,
        label: Plain::clipped(&text, LABEL_MAX),
        label_class,
        x,
        y,
        whole: drawn.edge.map(|edge| whole(edge, &text)).unwrap_or_default(),
    }
}

/// The arrow with fewer words, at its tip: those of a fan would lie over the arrows beside it.
fn in_fan(arrow: Arrow, drawn: &DrawnEdge<'_>, to: (i64, i64)) -> Arrow {
    let hop = drawn.edge.map_or(0, |edge| edge.hop);
    if hop == 0 || drawn.edge.is_some_and(|edge| edge.kind != EdgeKind::AssumedRole) {
        return arrow;
    }
    let is_sure = drawn.edge.is_some_and(|edge| edge.confidence == Confidence::High);
    let label = if is_sure { format!("{hop}") } else { format!("{hop} ?") };
    let (x, y) = (to.0 - 20, to.1 + CARD_HEIGHT / 2 - 7);
    Arrow { label: Plain::of(&label), x, y, ..arrow }
}

fn edge_label(edge: &Edge, is_sure: bool) -> String {
    let label = edge.label.trim_end_matches([' ', '?']);
    if is_sure { edge.label.clone() } else { format!("{label} ?") }
}

fn whole(edge: &Edge, label: &str) -> Plain {
    let hop = (edge.hop > 0).then(|| format!("hop {}", edge.hop));
    let event = edge.event_id.as_ref().map(|id| format!("event {id}"));
    let doubt = words::doubt(edge.confidence).map(String::from);
    let time = edge.event_time.map(words::second);
    let parts: Vec<String> =
        [Some(String::from(label)), hop, time, event, doubt].into_iter().flatten().collect();
    Plain::of(&parts.join(" · "))
}

/// A curve between two cards and the place for its words.
fn curve(from: (i64, i64), to: (i64, i64)) -> (String, i64, i64) {
    let half = CARD_HEIGHT / 2;
    let (start_x, start_y) = (from.0 + CARD_WIDTH, from.1 + half);
    if to.0 > from.0 {
        let (end_x, end_y) = (to.0 - 2, to.1 + half);
        let bend = (end_x - start_x) / 2;
        let path = format!(
            "M{start_x} {start_y}C{} {start_y} {} {end_y} {end_x} {end_y}",
            start_x + bend,
            end_x - bend,
        );
        // Words lie nearer to the arrow's end, where siblings are already apart.
        let y = start_y + (end_y - start_y) * 6 / 10;
        let lift = if end_y > start_y { 14 } else { -7 };
        return (path, start_x + (end_x - start_x) * 54 / 100, y + lift);
    }
    if to.0 == from.0 {
        let (end_x, end_y) = (to.0 + CARD_WIDTH + 2, to.1 + half + if to == from { 14 } else { 0 });
        let start_y = if to == from { start_y - 14 } else { start_y };
        let out = start_x + 44;
        let path = format!("M{start_x} {start_y}C{out} {start_y} {out} {end_y} {end_x} {end_y}");
        return (path, start_x + 40, i64::midpoint(start_y, end_y));
    }
    let (start_x, start_y) = (from.0 + CARD_WIDTH / 2, from.1 + CARD_HEIGHT);
    let (end_x, end_y) = (to.0 + CARD_WIDTH / 2, to.1 + CARD_HEIGHT + 2);
    let low = start_y.max(end_y) + 34;
    let path = format!("M{start_x} {start_y}C{start_x} {low} {end_x} {low} {end_x} {end_y}");
    (path, i64::midpoint(start_x, end_x), low - 14)
}
