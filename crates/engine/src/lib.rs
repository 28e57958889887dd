//! A document in memory: typed columns, lookup indexes, dependency graph, recalculation.
