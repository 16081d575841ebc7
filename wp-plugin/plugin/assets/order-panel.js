/**
 * The Crosswalk panel of an order: looks for news once the page is there, and follows an order that was asked for.
 */
;(function (wp) {
  'use strict'

  var POLL_MS = 2000
  var POLL_TIMES = 15

  var panel = document.querySelector('.crosswalk-order')
  if (!panel || !wp || !wp.apiFetch) {
    return
  }
  var path = panel.getAttribute('data-path')
  var state = panel.querySelector('.crosswalk-order-state')
  var said = panel.querySelector('.crosswalk-order-said')
  var button = panel.querySelector('.crosswalk-order-sync')

  function say(text) {
    said.textContent = text
    if (text && wp.a11y) {
      wp.a11y.speak(text)
    }
  }

  function show(answer) {
    // Made and escaped by the plugin's own PHP.
    if (state.innerHTML !== answer.html) {
      state.innerHTML = answer.html
    }
    return answer.version
  }

  function look() {
    return wp.apiFetch({ path: path }).then(show)
  }

  function follow(version, times) {
    if (times === 0) {
      button.removeAttribute('aria-disabled')
      return
    }
    setTimeout(function () {
      look().then(
        function (now) {
          follow(version, now === version ? times - 1 : 0)
        },
        function (error) {
          say(error.message)
          follow(version, 0)
        },
      )
    }, POLL_MS)
  }

  button.addEventListener('click', function (event) {
    event.preventDefault()
    if (button.getAttribute('aria-disabled') === 'true') {
      return
    }
    button.setAttribute('aria-disabled', 'true')
    wp.apiFetch({ path: path + '/sync', method: 'POST' }).then(
      function (answer) {
        say(answer.said)
        follow(show(answer), POLL_TIMES)
      },
      function (error) {
        say(error.message)
        button.removeAttribute('aria-disabled')
      },
    )
  })

  // What the page was printed with may be a minute old; a bridge that is silent is no news here.
  look().catch(function () {})
})(window.wp)
