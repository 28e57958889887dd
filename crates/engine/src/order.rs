//! The order of computing: strongly connected components of columns, inputs first (Tarjan's algorithm, with an explicit stack).

use rustc_hash::{FxHashMap, FxHashSet};

use crate::graph::{Edge, Node};

struct Visit {
    index: u32,
    low: u32,
    on_stack: bool,
}

/// For each node the rank of its component, inputs lower; and the ranks whose components have a cycle.
pub(crate) fn components(
    edges: &FxHashMap<Node, Vec<Edge>>,
    nodes: impl Iterator<Item = Node>,
) -> (FxHashMap<Node, u32>, FxHashSet<u32>) {
    let mut roots: Vec<Node> = nodes.collect();
    roots.sort_unstable();
    let targets = |node: Node| edges.get(&node).map_or(&[][..], Vec::as_slice);
    let mut visits: FxHashMap<Node, Visit> = FxHashMap::default();
    let mut stack: Vec<Node> = Vec::new();
    let mut found: Vec<Vec<Node>> = Vec::new();
    for root in roots {
        if visits.contains_key(&root) {
            continue;
        }
        let mut path: Vec<(Node, usize)> = Vec::new();
        let mut enter = Some(root);
        loop {
            if let Some(node) = enter.take() {
                let index = u32::try_from(visits.len()).unwrap_or(u32::MAX);
                visits.insert(node, Visit { index, low: index, on_stack: true });
                stack.push(node);
                path.push((node, 0));
            }
            let Some((node, next)) = path.last_mut() else { break };
            let node = *node;
            if let Some(edge) = targets(node).get(*next) {
                *next += 1;
                match visits.get(&edge.to) {
                    None => enter = Some(edge.to),
                    Some(visit) if visit.on_stack => {
                        let index = visit.index;
                        lower(&mut visits, node, index);
                    }
                    Some(_) => {}
                }
                continue;
            }
            path.pop();
            let Some(visit) = visits.get(&node) else { break };
            let (index, low) = (visit.index, visit.low);
            if let Some((parent, _)) = path.last() {
                lower(&mut visits, *parent, low);
            }
            if index == low {
                found.push(pop_component(&mut stack, &mut visits, node));
            }
        }
    }
    // Tarjan finds a component after all that it leads to: dependents come first, so ranks go backwards.
    let mut rank = FxHashMap::default();
    let mut cyclic = FxHashSet::default();
    for (place, component) in found.into_iter().rev().enumerate() {
        let place = u32::try_from(place).unwrap_or(u32::MAX - 1);
        let of_itself =
            component.len() > 1 || targets(component[0]).iter().any(|edge| edge.to == component[0]);
        if of_itself {
            cyclic.insert(place);
        }
        rank.extend(component.into_iter().map(|node| (node, place)));
    }
    (rank, cyclic)
}

fn lower(visits: &mut FxHashMap<Node, Visit>, node: Node, low: u32) {
    if let Some(visit) = visits.get_mut(&node) {
        visit.low = visit.low.min(low);
    }
}

fn pop_component(stack: &mut Vec<Node>, visits: &mut FxHashMap<Node, Visit>, last: Node) -> Vec<Node> {
    let mut component = Vec::new();
    while let Some(node) = stack.pop() {
        if let Some(visit) = visits.get_mut(&node) {
            visit.on_stack = false;
        }
        component.push(node);
        if node == last {
            break;
        }
    }
    component
}
