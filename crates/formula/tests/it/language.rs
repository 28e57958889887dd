//! The language, construct by construct: a formula and the `repr` of its result, or the error it raises. Checked against CPython 3.11.

use crate::document::{Document, Running};
use formula::{ColIx, Context, Limits, Place, compile};
use model::{CellValue, RowId};

fn shown(document: &Document, source: &str) -> String {
    let table = formula::Schema::table(document, "T").unwrap();
    let formula = compile(source, Place { table, col: ColIx(0) }, document);
    let mut host = Running { document };
    let mut limits = Limits { fuel: 20_000_000, ..Limits::default() };
    match formula.evaluate(RowId(1), &mut host, &mut limits, None) {
        Ok(value) => Context::new(&mut host, &mut limits).repr(&value).unwrap().to_string(),
        Err(error) => format!("{}: {}", error.name(), error.message()),
    }
}

fn document() -> Document {
    let document = Document::new("Europe/Paris");
    let table = document.add_table(
        "T",
        &[
            ("A", "Numeric"),
            ("B", "Text"),
            ("R", "Ref:T"),
            ("L", "RefList:T"),
            ("C", "ChoiceList"),
            ("D", "Date"),
            ("manualSort", "ManualSortPos"),
        ],
    );
    for at in 1..=4 {
        document.add_row(
            table,
            &[
                ("A", CellValue::Float(f64::from(at) * 1.5)),
                ("B", CellValue::text(["x", "y", "x", "z"][at as usize - 1])),
                ("R", CellValue::Int(i64::from(at) - 1)),
                ("L", CellValue::list([CellValue::Int(1), CellValue::Int(3)])),
                ("C", CellValue::list([CellValue::text("a"), CellValue::text("b")])),
                ("D", CellValue::Float(f64::from(at) * 86_400.0)),
                ("manualSort", CellValue::Float(f64::from(10 - at))),
            ],
        );
    }
    document.add_row(table, &[("A", CellValue::text("n/a")), ("R", CellValue::text("who?"))]);
    document
}

fn check(cases: &[(&str, &str)]) {
    let cases: Vec<(String, String)> =
        cases.iter().map(|(source, wanted)| ((*source).to_owned(), (*wanted).to_owned())).collect();
    let run = move || {
        let document = document();
        let mut wrong = Vec::new();
        for (source, wanted) in cases {
            let got = shown(&document, &source);
            if got != wanted {
                wrong.push(format!("{source:?}\n     got {got}\n  wanted {wanted}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    };
    std::thread::Builder::new().stack_size(64 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn arithmetic() {
    check(&[
        ("7 // -2, -7 // 2, 7 % -3, -7 % 3", "(-4, -4, -2, 2)"),
        ("7.5 // -2, -7.5 % 2, 0.0 % -1, -0.0 // 3", "(-4.0, 0.5, -0.0, -0.0)"),
        ("9223372036854775807 + 1, -9223372036854775808 - 1", "(9223372036854775808, -9223372036854775809)"),
        ("10**30 // 7, -10**30 % 7, 2**100 / 2**98", "(142857142857142857142857142857, 6, 4.0)"),
        ("2**63 - 1 - 2**63, ~5, -(-2**63)", "(-1, -6, 9223372036854775808)"),
        ("0xff, 1_000, 0b101, 0o17", "(255, 1000, 5, 15)"),
        ("True + True, True / 2, 1 == True, 1.0 == 1", "(2, 0.5, True, True)"),
        (
            "1 << 70, (1 << 70) >> 68, 6 & 3, 6 | 3, 6 ^ 3, True & False",
            "(1180591620717411303424, 4, 2, 7, 5, False)",
        ),
        ("2**0.5, 2**-1, (-2)**3, 0**0", "(1.4142135623730951, 0.5, -8, 1)"),
        ("1/0", "ZeroDivisionError: division by zero"),
        ("1.0//0", "ZeroDivisionError: float floor division by zero"),
        ("5.0 % 0", "ZeroDivisionError: float modulo"),
        ("1 + 'a'", "TypeError: unsupported operand type(s) for +: 'int' and 'str'"),
        ("'a' + 1", "TypeError: can only concatenate str (not \"int\") to str"),
        ("None * 2", "TypeError: unsupported operand type(s) for *: 'NoneType' and 'int'"),
        ("-'a'", "TypeError: bad operand type for unary -: 'str'"),
        ("x = 'a'\nx += 1\nreturn x", "TypeError: can only concatenate str (not \"int\") to str"),
        ("x = 1\nx -= 'a'\nreturn x", "TypeError: unsupported operand type(s) for -=: 'int' and 'str'"),
        ("10**10**10", "MemoryError: "),
        ("1e308 * 10, -1e308 * 10", "(inf, -inf)"),
        ("10.0 ** 400", "OverflowError: (34, 'Numerical result out of range')"),
        (
            "round(0.5), round(1.5), round(-2.5), round(2.675, 2), round(15, -1), round(25, -1)",
            "(0, 2, -2, 2.67, 20, 20)",
        ),
    ]);
}

#[test]
fn comparisons() {
    check(&[
        ("1 < 2 < 3, 1 < 3 < 2, 1 < 2 > 0", "(True, False, True)"),
        ("2**53 + 1 == 2.0**53, 2**53 + 1 > 2.0**53", "(False, True)"),
        ("float('nan') == float('nan'), float('nan') != 1", "(False, True)"),
        ("x = float('nan')\nreturn [x] == [x], x in [x]", "(True, True)"),
        ("'a' < 'b' <= 'b', [1, 2] < [1, 3], (1,) < (1, 0)", "(True, True, True)"),
        ("'a' < 1", "TypeError: '<' not supported between instances of 'str' and 'int'"),
        ("{1, 2} < {1, 2, 3}, {1} <= {2}, {1, 2} == {2, 1}", "(True, False, True)"),
        ("1 in [1.0], 'b' in 'abc', 3 not in {1: 2}, None in [None]", "(True, True, True, True)"),
        ("1 in 'a'", "TypeError: 'in <string>' requires string as left operand, not int"),
        ("1 in 5", "TypeError: argument of type 'int' is not iterable"),
        ("None is None, [] is [], 1 is not None", "(True, False, True)"),
        ("[] or 0 or 'x', 1 and '', not 'a'", "('x', '', False)"),
        ("max(3, 1, 2), min('b', 'a'), max([1, 5], key=lambda x: -x), max([], default=7)", "(3, 'a', 1, 7)"),
        ("max([])", "ValueError: max() arg is an empty sequence"),
    ]);
}

#[test]
fn statements() {
    check(&[
        ("# nothing", "None"),
        ("", "None"),
        ("  1 + 1", "2"),
        ("  x = 1\n  x + 1", "2"),
        ("x = 1\nif x > 1:\n  return 'a'\nelif x == 1:\n  return 'b'\nelse:\n  return 'c'", "'b'"),
        (
            "total = 0\nfor i in range(10):\n  if i == 2: continue\n  if i == 5: break\n  total += i\nelse:\n  total = -1\nreturn total",
            "8",
        ),
        ("for i in []:\n  pass\nelse:\n  return 'none'", "'none'"),
        ("n = 0\nwhile n < 3:\n  n += 1\nelse:\n  n = 10\nn", "10"),
        ("a, (b, *c), d = 1, (2, 3, 4), 5\n[a, b, c, d]", "[1, 2, [3, 4], 5]"),
        ("a = b = 3\na + b", "6"),
        ("a, b = 1\na", "TypeError: cannot unpack non-iterable int object"),
        ("a, b = 1, 2, 3\na", "ValueError: too many values to unpack (expected 2)"),
        ("a, *b, c = [1]\na", "ValueError: not enough values to unpack (expected at least 2, got 1)"),
        ("x = [1, 2, 3, 4]\nx[1:3] = ['a']\ndel x[0]\nx[-1] = 9\nx", "['a', 9]"),
        ("d = {'a': 1}\nd['b'] = 2\nd['a'] += 5\ndel d['b']\nd", "{'a': 6}"),
        ("del {}['a']\n1", "KeyError: 'a'"),
        ("try:\n  1/0\nexcept ZeroDivisionError as e:\n  return str(e)", "'division by zero'"),
        (
            "try:\n  int('x')\nexcept (KeyError, ValueError):\n  return 'v'\nelse:\n  return 'e'\nfinally:\n  pass",
            "'v'",
        ),
        ("try:\n  try:\n    1/0\n  finally:\n    x = 'seen'\nexcept ArithmeticError:\n  return x", "'seen'"),
        ("def f():\n  try:\n    return 1\n  finally:\n    return 2\nreturn f()", "2"),
        ("try:\n  raise KeyError('k')\nexcept KeyError:\n  raise\nreturn 1", "KeyError: 'k'"),
        ("try:\n  1/0\nexcept KeyError:\n  return 1", "ZeroDivisionError: division by zero"),
        ("if True:\n  raise ValueError('a', 2)\nreturn 1", "ValueError: ('a', 2)"),
        ("assert 1 == 2, 'no'\nreturn 1", "AssertionError: no"),
        (
            "x = 1\ndel x\nx",
            "UnboundLocalError: cannot access local variable 'x' where it is not associated with a value",
        ),
        ("nope", "NameError: name 'nope' is not defined"),
        ("x: int = 3\nx", "3"),
        ("print('hello')\n1", "1"),
        ("match [1, 2, 3]:\n  case [1, *rest]:\n    return rest\n  case _:\n    return 0", "[2, 3]"),
        (
            "match {'a': 1, 'b': 2}:\n  case {'a': 2}: return 0\n  case {'a': x, **r}: return x, r",
            "(1, {'b': 2})",
        ),
        ("match 5:\n  case str(): return 's'\n  case int(n) if n > 3: return n", "5"),
        ("match 'b':\n  case 'a' | 'b' as c: return c", "'b'"),
    ]);
}

#[test]
fn functions_and_scopes() {
    check(&[
        (
            "def f(a, b=2, *c, d, e=5, **g):\n  return a, b, c, d, e, g\nreturn f(1, d=4), f(1, 2, 3, d=0, z=9)",
            "((1, 2, (), 4, 5, {}), (1, 2, (3,), 0, 5, {'z': 9}))",
        ),
        ("def f(a, b): pass\nreturn f(1)", "TypeError: f() missing 1 required positional argument: 'b'"),
        (
            "def f(a, b, c): pass\nreturn f()",
            "TypeError: f() missing 3 required positional arguments: 'a', 'b', and 'c'",
        ),
        (
            "def f(a, b=1): pass\nreturn f(1, 2, 3)",
            "TypeError: f() takes from 1 to 2 positional arguments but 3 were given",
        ),
        ("def f(*, k): pass\nreturn f()", "TypeError: f() missing 1 required keyword-only argument: 'k'"),
        ("def f(a): pass\nreturn f(b=1)", "TypeError: f() got an unexpected keyword argument 'b'"),
        ("def f(a): pass\nreturn f(1, a=1)", "TypeError: f() got multiple values for argument 'a'"),
        ("def f(n):\n  return 1 if n < 2 else n * f(n - 1)\nf(20)", "2432902008176640000"),
        (
            "def make():\n  n = 0\n  def step():\n    nonlocal n\n    n += 1\n    return n\n  return step\nf = make()\nf(), f(), make()()",
            "(1, 2, 1)",
        ),
        ("fs = [lambda: i for i in [1, 2, 3]]\n[f() for f in fs]", "[3, 3, 3]"),
        ("fs = [lambda i=i: i for i in [1, 2, 3]]\n[f() for f in fs]", "[1, 2, 3]"),
        ("x = 1\n[x for x in [5, 6]], x", "([5, 6], 1)"),
        ("[(a, b) for a in [1, 2] for b in 'xy' if a > 1]", "[(2, 'x'), (2, 'y')]"),
        ("{k: v for k, v in [('a', 1), ('b', 2)]}, {x % 2 for x in (1, 2, 3)}", "({'a': 1, 'b': 2}, {1, 0})"),
        ("g = (x * x for x in [1, 2, 3])\nnext(g), list(g), list(g)", "(1, [4, 9], [])"),
        ("any(x > 1 for x in [1, 2, 1/1]), all(x for x in [])", "(True, True)"),
        ("[y := 5, y * 2]", "[5, 10]"),
        ("f = lambda *a, **k: (a, k)\nf(*[1, 2], 3, **{'z': 4})", "((1, 2, 3), {'z': 4})"),
        ("(lambda a, /, b: a + b)(1, b=2)", "3"),
        ("sorted([3, 1, 2], key=lambda x: -x), sorted('bca', reverse=True)", "([3, 2, 1], ['c', 'b', 'a'])"),
        (
            "list(zip([1, 2], 'ab')), list(enumerate('ab', 1)), list(map(lambda a, b: a + b, [1, 2], [3, 4]))",
            "([(1, 'a'), (2, 'b')], [(1, 'a'), (2, 'b')], [4, 6])",
        ),
        ("len(5)", "TypeError: object of type 'int' has no len()"),
        ("5()", "TypeError: 'int' object is not callable"),
        (
            "isinstance(True, int), isinstance('a', (int, str)), type(1.0) is float, type([])",
            "(True, True, True, <class 'list'>)",
        ),
        ("def f(): return f()\nreturn f()", "RecursionError: maximum recursion depth exceeded"),
    ]);
}

#[test]
fn text_and_containers() {
    check(&[
        ("f'{1 + 1}|{\"a\"!r}|{3.14159:.2f}|{42:>5}|{{}}'", "\"2|'a'|3.14|   42|{}\""),
        ("w = 6\nf'{1:0{w}d}'", "'000001'"),
        ("'%s-%05.1f-%d%%' % ('a', 2.25, 7)", "'a-002.2-7%'"),
        ("'%(x)s' % {'x': 1}", "'1'"),
        ("'%s %s' % ('a',)", "TypeError: not enough arguments for format string"),
        ("'%d' % 'a'", "TypeError: %d format: a real number is required, not str"),
        ("'héllo'[1], 'héllo'[-1], 'héllo'[1:3], 'héllo'[::-1]", "('é', 'o', 'él', 'olléh')"),
        ("'abc'[5]", "IndexError: string index out of range"),
        ("[1, 2, 3][::2], [1, 2, 3][-2:], (1, 2)[5:]", "([1, 3], [2, 3], ())"),
        ("[1][1]", "IndexError: list index out of range"),
        ("[1]['a']", "TypeError: list indices must be integers or slices, not str"),
        ("{}[[]]", "TypeError: unhashable type: 'list'"),
        ("{1: 'a', 1.0: 'b', True: 'c'}", "{1: 'c'}"),
        ("[*range(3), *'ab'], {**{'a': 1}, 'b': 2}", "([0, 1, 2, 'a', 'b'], {'a': 1, 'b': 2})"),
        ("'a' 'b' * 2, b'a' + b'b', [1] * 2 + [3]", "('abab', b'ab', [1, 1, 3])"),
        ("x = [1]\ny = x\ny += [2]\nx", "[1, 2]"),
        ("{'a': 1} | {'b': 2}, {1, 2} - {1}, {1} ^ {1, 2}", "({'a': 1, 'b': 2}, {2}, {2})"),
        ("'$A', \"$100\"  # $B", "('$A', '$100')"),
        (
            "str(1e16), str(1e-5), str(123456789.123), repr(0.1 + 0.2)",
            "('1e+16', '1e-05', '123456789.123', '0.30000000000000004')",
        ),
        (
            "int('  -12 '), int('ff', 16), float('1e3'), float(' inf '), int(-3.9)",
            "(-12, 255, 1000.0, inf, -3)",
        ),
        ("int('1.5')", "ValueError: invalid literal for int() with base 10: '1.5'"),
        ("'a'.nope", "AttributeError: 'str' object has no attribute 'nope'"),
        ("None.x", "AttributeError: 'NoneType' object has no attribute 'x'"),
    ]);
}

#[test]
fn records() {
    check(&[
        ("$A * 2", "3.0"),
        ("rec", "T[1]"),
        ("$id, rec.id, $R, $R.B, $R.R.R.id", "(1, 1, T[0], '', 0)"),
        (
            "$L, $L.A, $L.R, len($L), $L[0], $L[-1].A, [r.id for r in $L]",
            "(T[[1, 3]], [1.5, 4.5], T[[0, 2]], 2, T[1], 4.5, [1, 3])",
        ),
        ("$C, $D, bool($R), bool($L)", "(('a', 'b'), datetime.date(1970, 1, 2), False, True)"),
        ("$nope", "AttributeError: Table 'T' has no column 'nope'"),
        ("T.lookupOne(B='y').A, T.lookupRecords(B='x').id", "(3.0, [1, 3])"),
        (
            "T.lookupRecords(B='x', order_by='-A').id, T.lookupRecords(B='x', order_by=None).id",
            "([3, 1], [3, 1])",
        ),
        ("T.lookupRecords(C=CONTAINS('a')).id, T.lookupRecords(A=1.5, B='x')", "([1, 2, 3, 4], T[[1]])"),
        ("T.lookupRecords(Z=1)", "KeyError: 'Z'"),
        ("kw = {'B': 'y'}\nT.lookupOne(**kw).id", "2"),
        ("len(T.all), sum(r.A for r in T.all if r.id < 5), T.all.B", "(5, 15.0, ['x', 'y', 'x', 'z', ''])"),
        (
            "PREVIOUS(rec, order_by='A').id, NEXT(rec, order_by='A').id, RANK(rec, order_by='-A', group_by='B')",
            "(0, 2, 2)",
        ),
        ("NEXT(rec, group_by='B', order_by='A'), NEXT(rec, order_by=None)", "(T[3], T[5])"),
        ("T.lookupRecords(id=2).B, T.lookupOne(id=3) == T.lookupOne(A=4.5)", "(['y'], True)"),
        ("x = T.lookupOne(id=5)\nreturn x.A", "AltText('n/a')"),
        ("T.lookupOne(id=5).A + 1", "TypeError: unsupported operand type(s) for +: 'AltText' and 'int'"),
        ("T.lookupOne(id=5).R.B", "InvalidTypedValue: Invalid Ref: who?"),
        ("T.lookupRecords(order_by='A').find.lt(3)", "T[1]"),
        (
            "T.lookupRecords(order_by='B').find.eq('z').id, T.lookupRecords(order_by='B').find.gt('z').id",
            "(4, 0)",
        ),
        ("table.lookupOne(B='z') in T.all, T.lookupOne(B='z') in $L", "(True, False)"),
        ("IF($A > 1, 'big', 1/0), IF(False, 1/0, 2)", "('big', 2)"),
        ("getattr(rec, 'B'), hasattr(rec, 'Q'), getattr(rec, 'Q', 7)", "('x', False, 7)"),
        ("user", "NameError: name 'user' is not defined"),
        (
            "$A = 3",
            "SyntaxError: No `return` statement, and the last line isn't an expression. If you want to check for equality, use `==` instead of `=`. (usercode, line 1)",
        ),
        (
            "x = 1",
            "SyntaxError: No `return` statement, and the last line isn't an expression. If you want to check for equality, use `==` instead of `=`. (usercode, line 1)",
        ),
        (
            "rec = 1\nrec",
            "SyntaxError: Grist disallows assignment to the special variable \"rec\" (usercode, line 1)",
        ),
        ("1 +", "SyntaxError: invalid syntax"),
        ("x.$A", "SyntaxError: invalid syntax"),
        ("class A: pass\nreturn 1", "NotImplementedError: formulas cannot use class here yet"),
        ("import os\nreturn 1", "NotImplementedError: formulas cannot use `import os` here yet"),
    ]);
}

/// The modules that need nothing of the document.
#[test]
fn modules() {
    check(&[
        (
            "import itertools\nlist(itertools.accumulate([1, 2, 3])), list(itertools.accumulate([1, 2, 3], lambda a, b: a * b, initial=10))",
            "([1, 3, 6], [10, 10, 20, 60])",
        ),
        (
            "import itertools\n[(k, list(g)) for k, g in itertools.groupby('aabbba')]",
            "[('a', ['a', 'a']), ('b', ['b', 'b', 'b']), ('a', ['a'])]",
        ),
        (
            "from itertools import combinations, permutations\nlist(combinations('abc', 2)), list(permutations([1, 2, 3], 2)), list(combinations('a', 2))",
            "([('a', 'b'), ('a', 'c'), ('b', 'c')], [(1, 2), (1, 3), (2, 1), (2, 3), (3, 1), (3, 2)], [])",
        ),
        (
            "import itertools as it\nlist(it.product('ab', [1, 2])), list(it.product([0, 1], repeat=2)), list(it.combinations_with_replacement('ab', 2))",
            "([('a', 1), ('a', 2), ('b', 1), ('b', 2)], [(0, 0), (0, 1), (1, 0), (1, 1)], [('a', 'a'), ('a', 'b'), ('b', 'b')])",
        ),
        (
            "import itertools\nlist(itertools.islice(itertools.count(5, 2), 1, 6, 2)), list(itertools.islice('abcdef', 3))",
            "([7, 11, 15], ['a', 'b', 'c'])",
        ),
        (
            "import itertools\nlist(itertools.takewhile(lambda x: x < 3, [1, 2, 3, 1])), list(itertools.dropwhile(lambda x: x < 3, [1, 2, 3, 1]))",
            "([1, 2], [3, 1])",
        ),
        (
            "import itertools\nlist(itertools.zip_longest('ab', [1], fillvalue=0)), list(itertools.chain([1], 'ab')), list(itertools.repeat(7, 2))",
            "([('a', 1), ('b', 0)], [1, 'a', 'b'], [7, 7])",
        ),
        (
            "import itertools\nlist(itertools.compress('abc', [1, 0, 1])), list(itertools.pairwise([1, 2, 3])), list(itertools.starmap(max, [(1, 2), (4, 3)]))",
            "(['a', 'c'], [(1, 2), (2, 3)], [2, 4])",
        ),
        (
            "import itertools\nlist(itertools.filterfalse(None, [0, 1, ''])), list(itertools.islice(itertools.cycle('ab'), 5))",
            "([0, ''], ['a', 'b', 'a', 'b', 'a'])",
        ),
        (
            "import itertools\nlist(itertools.islice([1], -1))",
            "ValueError: Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.",
        ),
        (
            "from functools import reduce\nreduce(lambda a, b: a + b, [1, 2, 3]), reduce(lambda a, b: a * b, [], 4)",
            "(6, 4)",
        ),
        (
            "from functools import reduce\nreduce(lambda a, b: a + b, [])",
            "TypeError: reduce() of empty iterable with no initial value",
        ),
        (
            "import string\nstring.ascii_uppercase, string.digits, string.capwords('hello  wORLD'), string.capwords('a-b', '-')",
            "('ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789', 'Hello World', 'A-B')",
        ),
        (
            "import statistics as s\ns.mean([1, 2, 3, 4]), s.mean([1, 3]), s.fmean([1, 3]), s.median([3, 1, 2]), s.median([1, 2]), s.median_low([1, 2])",
            "(2.5, 2, 2.0, 2, 1.5, 1)",
        ),
        (
            "import statistics as s\ns.stdev([1, 2, 3, 4]), s.pstdev([1, 1]), s.variance([2, 4]), s.pvariance([1.5, 2.5]), s.mode(['b', 'a', 'a', 'b'])",
            "(1.2909944487358056, 0.0, 2, 0.25, 'b')",
        ),
        ("import statistics\nstatistics.mean([])", "StatisticsError: mean requires at least one data point"),
        (
            "import statistics\nstatistics.stdev([1])",
            "StatisticsError: stdev requires at least two data points",
        ),
        (
            "import calendar\ncalendar.monthrange(2024, 2), calendar.isleap(1900), calendar.leapdays(2000, 2025), calendar.weekday(2026, 11, 25), calendar.month_name[3]",
            "((3, 29), False, 7, 2, 'March')",
        ),
        (
            "import calendar\ncalendar.monthrange(2024, 13)",
            "IllegalMonthError: bad month number 13; must be 1-12",
        ),
        (
            "import unicodedata\nunicodedata.normalize('NFD', 'é').encode('ascii', 'ignore').decode(), unicodedata.category('É'), unicodedata.combining('́')",
            "('e', 'Lu', 230)",
        ),
        (
            "import bisect\nbisect.bisect([1, 3, 5], 3), bisect.bisect_left([1, 3, 5], 3), bisect.bisect([1, 3, 5], 9, hi=2)",
            "(2, 1, 2)",
        ),
        (
            "import heapq\nheapq.nsmallest(2, [5, 1, 4]), heapq.nlargest(2, ['a', 'ccc', 'bb'], key=len)",
            "([1, 4], ['ccc', 'bb'])",
        ),
        (
            "import copy\na = [1, [2]]\nb = copy.deepcopy(a)\nc = copy.copy(a)\na[1].append(3)\nb, c",
            "([1, [2]], [1, [2, 3]])",
        ),
    ]);
}

/// Source: the examples of Grist's function reference.
#[test]
fn schedules() {
    let times = |schedule: &str| {
        format!(
            "[d.strftime('%Y-%m-%d %H:%M') for d in SCHEDULE('{schedule}', start=datetime.datetime(2018, 9, 4, 14), count=4)]"
        )
    };
    let cases = [
        (
            "annual: Jan-15, Apr-15, Jul-15, Oct-15",
            "['2018-10-15 00:00', '2019-01-15 00:00', '2019-04-15 00:00', '2019-07-15 00:00']",
        ),
        (
            "annual: 1/15, 4/15, 7/15",
            "['2019-01-15 00:00', '2019-04-15 00:00', '2019-07-15 00:00', '2020-01-15 00:00']",
        ),
        (
            "monthly: /1 2pm, /15 5pm",
            "['2018-09-15 17:00', '2018-10-01 14:00', '2018-10-15 17:00', '2018-11-01 14:00']",
        ),
        (
            "3-months: /10, +1m /20",
            "['2018-09-10 00:00', '2018-10-20 00:00', '2018-12-10 00:00', '2019-01-20 00:00']",
        ),
        (
            "weekly: Mo 9am, Tu 9am, Fr 2pm",
            "['2018-09-07 14:00', '2018-09-10 09:00', '2018-09-11 09:00', '2018-09-14 14:00']",
        ),
        (
            "2-weeks: Mo, +1w Tu",
            "['2018-09-11 00:00', '2018-09-17 00:00', '2018-09-25 00:00', '2018-10-01 00:00']",
        ),
        (
            "daily: 07:30, 21:00",
            "['2018-09-04 21:00', '2018-09-05 07:30', '2018-09-05 21:00', '2018-09-06 07:30']",
        ),
        (
            "2-day: 12am, 4pm, +1d 8am",
            "['2018-09-04 16:00', '2018-09-05 08:00', '2018-09-06 00:00', '2018-09-06 16:00']",
        ),
        (
            "hourly: :15, :45",
            "['2018-09-04 14:15', '2018-09-04 14:45', '2018-09-04 15:15', '2018-09-04 15:45']",
        ),
        (
            "4-hour: :00, +1H :20, +2H :40",
            "['2018-09-04 14:00', '2018-09-04 15:20', '2018-09-04 16:40', '2018-09-04 18:00']",
        ),
        (
            "10-minute: +0S",
            "['2018-09-04 14:00', '2018-09-04 14:10', '2018-09-04 14:20', '2018-09-04 14:30']",
        ),
    ];
    let sources: Vec<String> = cases.iter().map(|(schedule, _)| times(schedule)).collect();
    let cases: Vec<(&str, &str)> =
        sources.iter().map(String::as_str).zip(cases.iter().map(|(_, wanted)| *wanted)).collect();
    check(&cases);
    check(&[
        ("SCHEDULE('weekly: Mo Tu')", "ValueError: Duplicate unit days in ' Mo Tu'"),
        ("SCHEDULE('daily: Mo')", "ValueError: Invalid slot 'Mo' for unit 'days'"),
        ("SCHEDULE('annual: Foo-1')", "ValueError: Unknown month 'Foo'"),
        ("SCHEDULE('weekly: Xy')", "ValueError: Unknown day of the week 'xy'"),
        ("SCHEDULE('5 days: ')", "ValueError: At least one slot must be specified"),
        ("SCHEDULE('often: 8:00')", "ValueError: Not a valid interval 'often'"),
        ("len(list(SCHEDULE('daily: 8:00', start=DATE(2018, 9, 4), end=DATE(2018, 9, 6))))", "2"),
    ]);
}

#[test]
fn limits() {
    check(&[
        ("while True: pass\nreturn 1", "TimeoutError: formula took too long"),
        (
            "try:\n  while True: pass\nexcept Exception:\n  return 'caught'",
            "TimeoutError: formula took too long",
        ),
        ("'x' * 10**12", "MemoryError: "),
        ("[0] * 10**9", "MemoryError: "),
        ("x = []\nfor i in range(10**7):\n  x = [x]\nreturn 1", "MemoryError: "),
        (
            "x = iter([1])\nfor i in range(2000):\n  x = map(str, x)\nreturn list(x)",
            "RecursionError: maximum recursion depth exceeded",
        ),
        (
            "x = []\nx += [x]\nrepr(x)",
            "'[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[...]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]'",
        ),
        ("sum(range(10**12))", "TimeoutError: formula took too long"),
        ("'%0999999999d' % 1", "MemoryError: "),
        ("f'{1:999999999}'", "MemoryError: "),
    ]);
}
