//! Every setting once: name, Grist's name, type, default, help.
