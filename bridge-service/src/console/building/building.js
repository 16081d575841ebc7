/* global location */
// Not by a refresh in the page's head: with a key after the # that would not load anew.
setTimeout(() => location.reload(), 2_000)
