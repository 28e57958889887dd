#!/usr/bin/env python3
"""A server measured from outside: start, memory, opening of big documents, edits with many dependents.

usage: server.py MOULIN [ROWS]      CPU time of the server's process, from /proc; memory as resident set.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

TICK = os.sysconf("SC_CLK_TCK")
FORMULAS = {"Double": "$A * 2 + $B", "Label": "'%s %s' % ($Name, $A)", "Kind": "'big' if $A > 500 else 'small'", "Price": "Items.lookupOne(Code=$K).Price",
            "Uses": "len(Orders.lookupRecords(K=$K))", "Before": "PREVIOUS(rec, group_by='K', order_by='id').A", "Total": "SUM([$A, $B, $Price])"}


class Server:
    def __init__(self, program, data):
        self.child = subprocess.Popen([program, "serve", "--data", data, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True,
                                      env=dict(os.environ, GRIST_MAX_PARALLEL_REQUESTS_PER_DOC="0"))
        self.base = self.child.stdout.readline().strip().removeprefix("listening on ")

    def call(self, method, path, body=None):
        request = urllib.request.Request(self.base + "/api" + path, method=method, data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json", "X-Requested-With": "XMLHttpRequest"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def apply(self, doc, *actions):
        return self.call("POST", "/docs/%s/apply" % doc, list(actions))

    def cpu(self):
        with open("/proc/%d/stat" % self.child.pid) as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory(self):
        with open("/proc/%d/status" % self.child.pid) as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

    def stop(self):
        self.child.terminate()
        self.child.wait()


def measured(server, what, unit="ms"):
    begun, wall = server.cpu(), time.time()
    what()
    return (server.cpu() - begun) * 1000, (time.time() - wall) * 1000


def new_document(server, name):
    orgs = server.call("GET", "/orgs")
    workspace = server.call("GET", "/orgs/%s/workspaces" % orgs[0]["id"])[0]["id"]
    return server.call("POST", "/workspaces/%d/docs" % workspace, {"name": name})


def big_document(server, rows):
    doc = new_document(server, "big")
    server.apply(doc, ["AddTable", "Items", [{"id": "Code", "type": "Int"}, {"id": "Price", "type": "Numeric"}]],
                 ["AddTable", "Orders", [{"id": "A", "type": "Numeric"}, {"id": "B", "type": "Numeric"}, {"id": "Name", "type": "Text"}, {"id": "K", "type": "Int"}]])
    server.apply(doc, ["BulkAddRecord", "Items", [None] * 1000, {"Code": list(range(1000)), "Price": [i / 4 for i in range(1000)]}])
    for start in range(0, rows, 10_000):
        ids = range(start, min(rows, start + 10_000))
        server.apply(doc, ["BulkAddRecord", "Orders", [None] * len(ids), {"A": [i % 997 for i in ids], "B": [i % 13 for i in ids], "Name": ["n%d" % i for i in ids], "K": [i % 1000 for i in ids]}])
    for col, formula in FORMULAS.items():
        server.apply(doc, ["AddColumn", "Orders", col, {"type": "Any", "isFormula": True, "formula": formula}])
    return doc


def main():
    program, rows = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    data = tempfile.mkdtemp()
    try:
        server = Server(program, data)
        time.sleep(1)
        print("idle: %.1f MB" % server.memory())
        small = [new_document(server, "small %d" % i) for i in range(30)]
        for doc in small[:10]:
            server.apply(doc, ["AddTable", "T", [{"id": "A"}]])
        before = server.memory()
        for doc in small[10:]:
            server.apply(doc, ["AddTable", "T", [{"id": "A"}]])
        print("each small open document: %.2f MB" % ((server.memory() - before) / 20))
        doc = big_document(server, rows)
        print("after building %d rows with %d formulas: %.1f MB" % (rows, len(FORMULAS), server.memory()))
        server.apply(doc, ["UpdateRecord", "Orders", 5, {"B": 1}])
        cpu, wall = measured(server, lambda: [server.apply(doc, ["UpdateRecord", "Orders", 5, {"B": i}]) for i in range(20)])
        print("one edit: %.1f ms CPU, %.1f ms" % (cpu / 20, wall / 20))
        cpu, wall = measured(server, lambda: [server.apply(doc, ["UpdateRecord", "Items", 7, {"Price": i}]) for i in range(20)])
        print("one edit with %d dependents: %.1f ms CPU, %.1f ms" % (rows // 1000, cpu / 20, wall / 20))
        server.stop()
        server = Server(program, data)
        cpu, wall = measured(server, lambda: server.call("GET", "/docs/%s/tables/Orders/records?limit=100" % doc))
        print("cold, %d rows x %d formulas, to the first answer: %.0f ms CPU, %.0f ms, %.1f MB" % (rows, len(FORMULAS), cpu, wall, server.memory()))
        cpu, wall = measured(server, lambda: server.apply(doc, ["UpdateRecord", "Orders", 5, {"B": 77}]))
        print("the first edit then: %.0f ms CPU, %.0f ms" % (cpu, wall))
        server.stop()
    finally:
        shutil.rmtree(data)


if __name__ == "__main__":
    main()
