//! The names that Python itself offers when a formula is typed: with `(` what takes arguments, with `()` what takes none.

/// Attributes by type, as words.
const ATTRIBUTES: &[(&str, &str)] = &[
    (
        "str",
        "capitalize() casefold() center( count( encode( endswith( expandtabs( find( format( format_map( index( isalnum() isalpha() \
    isascii() isdecimal() isdigit() isidentifier() islower() isnumeric() isprintable() isspace() istitle() isupper() join( ljust( \
    lower() lstrip( maketrans( partition( removeprefix( removesuffix( replace( rfind( rindex( rjust( rpartition( rsplit( rstrip( \
    split( splitlines( startswith( strip( swapcase() title() translate( upper() zfill(",
    ),
    (
        "int",
        "as_integer_ratio() bit_count() bit_length() conjugate( denominator from_bytes( imag numerator real to_bytes(",
    ),
    ("float", "as_integer_ratio() conjugate() fromhex( hex() imag is_integer() real"),
    (
        "bool",
        "as_integer_ratio() bit_count() bit_length() conjugate( denominator from_bytes( imag numerator real to_bytes(",
    ),
    (
        "date",
        "ctime( day fromisocalendar( fromisoformat( fromordinal( fromtimestamp( isocalendar( isoformat( isoweekday( max min month replace( \
    resolution strftime( timetuple( today( toordinal( weekday( year",
    ),
    (
        "datetime",
        "astimezone( combine( ctime( date( day dst( fold fromisocalendar( fromisoformat( fromordinal( fromtimestamp( hour isocalendar( \
    isoformat( isoweekday( max microsecond min minute month now( replace( resolution second strftime( strptime( time( timestamp( \
    timetuple( timetz( today( toordinal( tzinfo tzname( utcfromtimestamp( utcnow( utcoffset( utctimetuple( weekday( year",
    ),
    ("list", "append( clear() copy() count( extend( index( insert( pop( remove( reverse() sort("),
    ("tuple", "count( index("),
    ("dict", "clear( copy( fromkeys( get( items( keys( pop( popitem() setdefault( update( values("),
    (
        "set",
        "add( clear( copy( difference( difference_update( discard( intersection( intersection_update( isdisjoint( issubset( issuperset( \
    pop( remove( symmetric_difference( symmetric_difference_update( union( update(",
    ),
];

/// Attributes of the modules that every formula sees.
const MODULES: &[(&str, &str)] = &[
    ("datetime", "MAXYEAR MINYEAR UTC date( datetime( time( timedelta( timezone( tzinfo("),
    (
        "math",
        "acos( acosh( asin( asinh( atan( atan2( atanh( cbrt( ceil( comb( copysign( cos( cosh( degrees( dist( e erf( erfc( exp( exp2( expm1( \
    fabs( factorial( floor( fmod( frexp( fsum( gamma( gcd( hypot( inf isclose( isfinite( isinf( isnan( isqrt( lcm( ldexp( lgamma( log( \
    log10( log1p( log2( modf( nan nextafter( perm( pi pow( prod( radians( remainder( sin( sinh( sqrt( tan( tanh( tau trunc( ulp(",
    ),
    (
        "re",
        "A ASCII DEBUG DOTALL I IGNORECASE L LOCALE M MULTILINE Match() NOFLAG Pattern() RegexFlag( S Scanner( T TEMPLATE U UNICODE VERBOSE \
    X compile( error( escape( findall( finditer( fullmatch( match( purge() search( split( sub( subn( template(",
    ),
];

/// Keywords and built-in names.
const GLOBALS: &str = "ArithmeticError( AssertionError( AttributeError( BaseException( BaseExceptionGroup( BlockingIOError( BrokenPipeError( BufferError( \
    BytesWarning( ChildProcessError( ConnectionAbortedError( ConnectionError( ConnectionRefusedError( ConnectionResetError( \
    DeprecationWarning( EOFError( Ellipsis EncodingWarning( EnvironmentError( Exception( ExceptionGroup( False FileExistsError( \
    FileNotFoundError( FloatingPointError( FutureWarning( GeneratorExit( IOError( ImportError( ImportWarning( IndentationError( \
    IndexError( InterruptedError( IsADirectoryError( KeyError( KeyboardInterrupt( LookupError( MemoryError( ModuleNotFoundError( \
    NameError( None NotADirectoryError( NotImplemented NotImplementedError( OSError( OverflowError( PendingDeprecationWarning( \
    PermissionError( ProcessLookupError( RecursionError( ReferenceError( ResourceWarning( RuntimeError( RuntimeWarning( \
    StopAsyncIteration( StopIteration( SyntaxError( SyntaxWarning( SystemError( SystemExit( TabError( TimeoutError( True TypeError( \
    UnboundLocalError( UnicodeDecodeError( UnicodeEncodeError( UnicodeError( UnicodeTranslateError( UnicodeWarning( UserWarning( \
    ValueError( Warning( ZeroDivisionError( abs( aiter( all( and anext( any( as ascii( assert async await bin( bool( break breakpoint( \
    bytearray( bytes( callable( case chr( class classmethod( compile( complex( continue copyright() credits() def del delattr( dict( \
    dir( divmod( elif else enumerate( eval( except exec( exit( filter( finally: float( for format( from frozenset( getattr( global \
    globals() hasattr( hash( help( hex( id( if import in input( int( is isinstance( issubclass( iter( lambda len( license() list( \
    locals() map( match max( memoryview( min( next( nonlocal not object() oct( open( or ord( pass pow( print( property( quit( raise \
    range( repr( return reversed( round( set( setattr( slice( sorted( staticmethod( str( sum( super( try: tuple( type( vars( while \
    with yield zip(";

fn words(
    table: &'static [(&'static str, &'static str)],
    name: &str,
) -> impl Iterator<Item = &'static str> + use<> {
    let found = table.iter().find(|(known, _)| *known == name).map_or("", |(_, words)| *words);
    found.split_whitespace()
}

/// The attributes of values of a type.
pub(crate) fn attributes(type_name: &str) -> impl Iterator<Item = &'static str> + use<> {
    words(ATTRIBUTES, type_name)
}

/// The attributes of a module.
pub(crate) fn module(name: &str) -> impl Iterator<Item = &'static str> + use<> {
    words(MODULES, name)
}

/// The names of modules.
pub(crate) fn modules() -> impl Iterator<Item = &'static str> {
    MODULES.iter().map(|(name, _)| *name)
}

/// Keywords and built-in names.
pub(crate) fn globals() -> impl Iterator<Item = &'static str> {
    GLOBALS.split_whitespace()
}
